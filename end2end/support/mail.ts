// A mail server: real SMTP on a port of its own, which keeps what it was given.
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Identity } from './tls.ts';

export type Mail = Email & { raw: string };

/** How a mail server is to be spoken to. */
export interface Encryption {
    kind: 'starttls' | 'tls';
    user: string;
    password: string;
    identity: Identity;
}

export class MailServer {
    /** Every mail taken, also those whose sender was gone before it heard so. */
    readonly mails: Mail[] = [];
    port = 0;
    /** Milliseconds from the end of a mail to the answer to it. */
    slowness = 0;
    /** Milliseconds from the beginning of a mail to the answer to it: a sender that is gone by then has handed over nothing. */
    hesitation = 0;
    #server: SMTPServer | undefined;

    constructor(readonly encryption?: Encryption) {}

    #gate: Promise<void> = Promise.resolve();
    #waiting: { enough: () => boolean; found: () => void }[] = [];

    get url(): string {
        if (!this.encryption) return `smtp://127.0.0.1:${this.port}`;
        const { user, password, kind } = this.encryption;
        const at = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost:${this.port}`;
        return kind === 'tls' ? `smtps://${at}` : `smtp://${at}?tls=required`;
    }

    /** Listens; on the same port as before where it did. */
    async start(): Promise<void> {
        const server = new SMTPServer({
            ...this.#welcome(),
            disableReverseLookup: true,
            closeTimeout: 100,
            onMailFrom: (_from, _session, answer) => void setTimeout(answer, this.hesitation),
            onData: (stream, _session, answer) => {
                const parts: Buffer[] = [];
                stream.on('data', (part: Buffer) => parts.push(part));
                stream.on('end', () => {
                    void this.#gate.then(async () => {
                        const raw = Buffer.concat(parts).toString();
                        this.#keep({ ...(await PostalMime.parse(raw)), raw });
                        setTimeout(answer, this.slowness);
                    });
                });
            },
        });
        // A sender that is killed resets its connections.
        server.on('error', () => undefined);
        await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
        this.port = (server.server.address() as AddressInfo).port;
        this.#server = server;
    }

    /** Whom it takes mail from: anybody, or who says the password over an encrypted connection. */
    #welcome(): SMTPServerOptions {
        const wanted = this.encryption;
        if (!wanted) return { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] };
        return {
            key: wanted.identity.key,
            cert: wanted.identity.certificate,
            secure: wanted.kind === 'tls',
            onAuth: (auth, session, answer) => {
                const right = auth.username === wanted.user && auth.password === wanted.password && session.secure;
                answer(right ? null : new Error('535 not you'), { user: auth.username });
            },
        };
    }

    async stop(): Promise<void> {
        const server = this.#server;
        this.#server = undefined;
        if (server) await new Promise<void>((resolve) => server.close(resolve));
    }

    /** Takes no mail until the returned function is called. */
    hold(): () => void {
        let open = () => {};
        this.#gate = new Promise((resolve) => (open = resolve));
        return open;
    }

    to(address: string): Mail[] {
        return this.mails.filter((mail) => mail.to?.some((to) => to.address === address));
    }

    /** The first mail to an address, now or when it comes; or the one after `count` others. */
    async arrives(address: string, count = 0): Promise<Mail> {
        await this.until(() => this.to(address).length > count);
        return this.to(address)[count]!;
    }

    /** Waits until what has arrived is enough. */
    async until(enough: () => boolean): Promise<void> {
        if (enough()) return;
        await new Promise<void>((resolve) => this.#waiting.push({ enough, found: resolve }));
    }

    #keep(mail: Mail): void {
        this.mails.push(mail);
        this.#waiting = this.#waiting.filter((waiting) => {
            const enough = waiting.enough();
            if (enough) waiting.found();
            return !enough;
        });
    }
}

/** The set-up link in either part of a mail. */
export function linkIn(part: string | undefined): string {
    const link = part?.match(/https?:\/\/[^\s"<>]+\/setup\/[\w.-]+/)?.[0];
    if (!link) throw new Error(`no set-up link in ${part}`);
    return link;
}
