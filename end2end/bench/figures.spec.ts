// Figures of the built binary, never assertions: first load, start, memory, pages. `make bench` prints them.
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { test } from '@playwright/test';
import { type Account, invite, makeOwner } from '../support/http.ts';
import { Portico } from '../support/portico.ts';

const STARTS = 5;
const REQUESTS = 300;

function print(what: string, ...figures: string[]): void {
    console.log(`${what.padEnd(46)}${figures.map((figure) => figure.padStart(16)).join('')}`);
}

function median(figures: number[]): number {
    return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

const spread = (ms: number[]) => `${median(ms).toFixed(1)} (${Math.min(...ms).toFixed(1)}–${Math.max(...ms).toFixed(1)})`;
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
const resident = (pid: number) =>
    Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)![1]) * 1024;

/** Bytes of an answer's body as they travel. */
function travelled(portico: Portico, path: string, encoding: string, cookie: string): Promise<number> {
    return new Promise((resolve, reject) => {
        const headers = { 'accept-encoding': encoding, accept: 'text/html', cookie };
        get(portico.url + path, { headers }, (answer) => {
            let bytes = 0;
            answer.on('data', (part: Buffer) => (bytes += part.length)).on('end', () => resolve(bytes));
        }).on('error', reject);
    });
}

async function firstLoad(portico: Portico, what: string, page: string, account?: Account): Promise<void> {
    const cookie = account ? `portico_session=${account.browser.cookies.get('portico_session')}` : '';
    const html = account ? (await account.browser.get(page)).text : await (await fetch(portico.url + page)).text();
    const found = (pattern: RegExp) => html.match(pattern)![1]!;
    const files: Record<string, string> = {
        HTML: page,
        style: found(/href="(\/pkg\/[^"]+\.css)"/),
        script: found(/'(\/pkg\/[^']+\.js)'/),
        WASM: found(/'(\/pkg\/[^']+\.wasm)'/),
        icons: found(/(\/pkg\/icons[^"#\\]+\.svg)/),
        loader: found(/href="(\/pkg\/portico-loader[^"]+\.js)"/),
    };
    for (const [, path, pack] of html.matchAll(/'(\/pkg\/portico-(\w+)[^']+\.bin)':/g)) files[pack!] = path!;
    console.log(`\nFirst load of ${what}: raw, as it travels to a browser`);
    let [raw, small] = [0, 0];
    for (const [name, path] of Object.entries(files)) {
        const sizes = [await travelled(portico, path, 'identity', cookie), await travelled(portico, path, 'br', cookie)];
        print(`  ${name}`, kib(sizes[0]!), kib(sizes[1]!));
        raw += sizes[0]!;
        small += sizes[1]!;
    }
    print('  in all', kib(raw), kib(small));
}

/** Milliseconds of one request after another. */
async function latency(account: Account, path: string): Promise<number[]> {
    const figures: number[] = [];
    for (let n = 0; n < REQUESTS; n++) {
        const begun = performance.now();
        await account.browser.get(path);
        figures.push(performance.now() - begun);
    }
    return figures.slice(REQUESTS / 10);
}

test('figures', async () => {
    test.setTimeout(300_000);
    const begun = performance.now();
    const portico = await Portico.start({ database: 'embedded' });
    console.log('\nStart, until /readyz answers (ms)');
    print('  with a new cluster', (performance.now() - begun).toFixed(0));
    print('  memory of the server, idle after the start', kib(resident(portico.pid)));
    const owner = await makeOwner(portico);
    for (let n = 0; n < 50; n++) await invite(owner, `guest${n}@lumen.test`);
    await firstLoad(portico, 'the sign-in page', '/sign-in');
    await firstLoad(portico, 'the console (Invitations, 25 rows)', '/invitations', owner);

    console.log('\nOne request after another: median (min–max) ms, and times a constant answer');
    const constant = await latency(owner, '/healthz');
    print('  /healthz, a constant', spread(constant));
    for (const path of ['/', '/users', '/invitations', '/outbox']) {
        const figures = await latency(owner, path);
        print(`  ${path}`, spread(figures), `×${(median(figures) / median(constant)).toFixed(1)}`);
    }
    print('  memory of the server after this', kib(resident(portico.pid)));

    const starts: number[] = [];
    for (let n = 0; n < STARTS; n++) {
        await portico.stop();
        const begun = performance.now();
        await portico.start();
        starts.push(performance.now() - begun);
    }
    console.log('\nStart again, with its cluster stopped before: median (min–max) ms');
    print('  until /readyz answers', spread(starts));
    await portico.remove();
});
