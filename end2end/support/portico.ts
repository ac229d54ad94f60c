// A Portico of one's own: the real binary on a free port, with its own data folder and database.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDatabase, dropDatabase } from './database.ts';

export const root = resolve(import.meta.dirname, '../..');
export const binary = process.env.PORTICO_BIN ?? join(root, 'target/release/portico');

export interface Settings {
    /** A cluster of its own in the data folder, or a database in the cluster for tests. */
    database: 'embedded' | 'url';
    /** The mail server; without one, mail is captured. */
    smtp?: string;
    /** A file with the certificates of authorities to trust, beside no others. */
    authorities?: string;
    /** Whether a proxy is in front of it, which says in X-Forwarded-For where a browser is. */
    proxied?: boolean;
}

export class Portico {
    output = '';
    errors = '';
    /** Where the database is, when it is not embedded. */
    databaseUrl = '';
    #process: ChildProcess | undefined;
    #waiting: (() => void)[] = [];

    private constructor(
        readonly port: number,
        readonly dataDir: string,
        readonly settings: Settings,
    ) {}

    /** Makes the data folder and the database, and starts. */
    static async start(settings: Settings): Promise<Portico> {
        const portico = new Portico(await freePort(), await mkdtemp(join(tmpdir(), 'portico-end2end-')), settings);
        if (settings.database === 'url') portico.databaseUrl = await createDatabase();
        await portico.start();
        return portico;
    }

    get url(): string {
        return `http://localhost:${this.port}`;
    }

    /** Where a test asks the database: in its folder, when it is embedded. */
    get tables(): string {
        const socket = encodeURIComponent(join(this.dataDir, 'postgres'));
        return this.databaseUrl || `postgres://portico@${socket}/portico`;
    }

    /** The server's process. */
    get pid(): number {
        return this.#process!.pid!;
    }

    /** Starts, and waits until it has printed where it is. */
    async start(): Promise<void> {
        this.output = '';
        const child = spawn(binary, ['serve'], { env: this.#env(), stdio: ['ignore', 'pipe', 'pipe'] });
        this.#process = child;
        child.stdout.on('data', (data: Buffer) => {
            this.output += data.toString();
            for (const waiting of this.#waiting) waiting();
        });
        child.stderr.on('data', (data: Buffer) => (this.errors += data.toString()));
        const ended = once(child, 'exit').then(() => {
            throw new Error(`portico did not start:\n${this.errors}`);
        });
        await Promise.race([this.#says(/Portico is at /), ended]);
        ended.catch(() => undefined);
        await this.#answers();
    }

    /** The owner's set-up link that the last start printed. */
    async ownerLink(): Promise<string> {
        return (await this.#says(/^ +(http\S+\/owner\/\S+)\n/m))[1]!;
    }

    /** Runs another command of the same Portico; gives what it printed. */
    async command(args: string[], input = ''): Promise<string> {
        const child = spawn(binary, args, { env: this.#env(), stdio: ['pipe', 'pipe', 'pipe'] });
        let output = '';
        let errors = '';
        child.stdout.on('data', (data: Buffer) => (output += data.toString()));
        child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
        child.stdin.end(input);
        const [code] = await once(child, 'close');
        if (code !== 0) throw new Error(`portico ${args.join(' ')} ended with ${code}:\n${errors}`);
        return output;
    }

    /** Asks it to end, which it does in order and within ten seconds. */
    async stop(): Promise<void> {
        const child = this.#process;
        this.#process = undefined;
        if (!child) return;
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        let late: NodeJS.Timeout | undefined;
        const patience = new Promise<never>((_, reject) => {
            late = setTimeout(() => {
                child.kill('SIGKILL');
                reject(new Error(`portico did not end within 10 s of SIGTERM:\n${this.errors}`));
            }, 10_000);
        });
        const [code, signal] = await Promise.race([exit, patience]);
        clearTimeout(late);
        if (code !== 0) throw new Error(`portico ended with ${code ?? signal} on SIGTERM:\n${this.errors}`);
    }

    /** Ends it as a loss of power would. Its embedded PostgreSQL stays and is joined by the next start. */
    async kill9(): Promise<void> {
        const child = this.#process;
        this.#process = undefined;
        if (!child) return;
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
    }

    /** Kills the embedded PostgreSQL alone. */
    async killPostgres(): Promise<void> {
        const pid = await readFile(join(this.dataDir, 'postgres/postmaster.pid'), 'utf8');
        process.kill(Number(pid.split('\n')[0]), 'SIGKILL');
    }

    /** Stops it, and leaves nothing behind. */
    async remove(): Promise<void> {
        try {
            // A killed one leaves PostgreSQL running: whoever is started next stops it.
            if (!this.#process && this.settings.database === 'embedded') await this.start();
            await this.stop();
        } finally {
            if (this.databaseUrl) await dropDatabase(this.databaseUrl);
            await rm(this.dataDir, { recursive: true, force: true });
        }
    }

    #env(): NodeJS.ProcessEnv {
        const env: NodeJS.ProcessEnv = {
            PATH: process.env.PATH,
            PORTICO_BIND: `127.0.0.1:${this.port}`,
            PORTICO_BASE_URL: this.url,
            PORTICO_DATA_DIR: this.dataDir,
            PORTICO_SMTP_URL: this.settings.smtp,
            PORTICO_TRUST_PROXY: this.settings.proxied ? 'true' : undefined,
            SSL_CERT_FILE: this.settings.authorities,
            DATABASE_URL: this.databaseUrl || undefined,
            // Of a debug build, which reads its assets from there.
            PORTICO_SITE: process.env.PORTICO_SITE,
        };
        return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
    }

    async #says(words: RegExp): Promise<RegExpMatchArray> {
        for (;;) {
            const said = this.output.match(words);
            if (said) return said;
            await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
    }

    async #answers(): Promise<void> {
        for (let tries = 0; ; tries++) {
            const ready = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch((error: Error) => error);
            if (ready instanceof Response && ready.ok) return;
            if (tries > 100) throw new Error(`portico is not ready: ${String(ready)}\n${this.errors}`);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}
