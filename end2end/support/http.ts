// A browser without eyes: posts the forms of the console as a plain browser does, quickly.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { linkIn } from './mail.ts';
import type { Portico } from './portico.ts';

export const PASSWORD = 'Arcade-2026!';

export interface Answer {
    status: number;
    location: string;
    text: string;
    cookies: Map<string, string>;
}

/** One browser's cookies at one Portico. */
export class Browser {
    readonly cookies = new Map<string, string>();
    #actions = new Map<string, string>();

    /** `from` is where it is, as a proxy says it that is `proxied`. */
    constructor(
        readonly portico: Portico,
        readonly from = '',
    ) {}

    /** The session's cookie, for a real browser to go on with. */
    get session(): { name: string; value: string; url: string } {
        const value = this.cookies.get('portico_session');
        if (!value) throw new Error('nobody is signed in');
        return { name: 'portico_session', value, url: this.portico.url };
    }

    async get(path: string, method = 'GET'): Promise<Answer> {
        return this.#send(path, { method, headers: {} });
    }

    /** Posts the form of a page that holds it, whose server function is `name` (as in `sign-in`). */
    async post(page: string, name: string, fields: Record<string, string>): Promise<Answer> {
        const body = new URLSearchParams(Object.entries(fields).map(([field, value]) => [`form[${field}]`, value]));
        body.set('page', page);
        const action = this.#actions.get(name) ?? (await this.#actionOn(page, name));
        this.#actions.set(name, action);
        return this.#send(action, {
            method: 'POST',
            body,
            headers: { origin: this.portico.url },
        });
    }

    async #actionOn(page: string, name: string): Promise<string> {
        const { text } = await this.get(page);
        // The address may end in a number that differs from build to build.
        const words = name.split('-').join('[-_]');
        const action = text.match(new RegExp(`action="(/api/${words}\\d*)"`))?.[1];
        if (!action) throw new Error(`${page} holds no form for ${name}:\n${text}`);
        return action;
    }

    async #send(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Answer> {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const place: Record<string, string> = this.from ? { 'x-forwarded-for': this.from } : {};
        const response = await fetch(new URL(path, this.portico.url), {
            ...init,
            redirect: 'manual',
            headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...place, ...init.headers },
        });
        for (const line of response.headers.getSetCookie()) {
            const [, name, value] = line.match(/^([^=]+)=([^;]*)/)!;
            if (value && !/max-age=0/i.test(line)) this.cookies.set(name!, value);
            else this.cookies.delete(name!);
        }
        return {
            status: response.status,
            location: response.headers.get('location') ?? '',
            text: await response.text(),
            cookies: this.cookies,
        };
    }
}

export interface Account {
    email: string;
    name: string;
    browser: Browser;
}

function went(answer: Answer, what: string): Answer {
    if (answer.status !== 303) throw new Error(`${what} answered ${answer.status}:\n${answer.text}`);
    return answer;
}

/** Sets the owner up with the printed link. */
export async function makeOwner(portico: Portico, email = 'otto@kestrel.test', name = 'Otto Owner'): Promise<Account> {
    const browser = new Browser(portico);
    const page = new URL(await portico.ownerLink()).pathname;
    const fields = { token: page.split('/').pop()!, full_name: name, email, password: PASSWORD, again: PASSWORD };
    went(await browser.post(page, 'set-up-owner', fields), 'the owner\'s set-up');
    return { email, name, browser };
}

export async function invite(by: Account, email: string, role = 'member'): Promise<void> {
    const fields = { 'rows][0][emails': email, 'rows][0][role': role, notify: 'true', back: '/users' };
    went(await by.browser.post('/users?invite=1', 'invite', fields), `inviting ${email}`);
}

/** The set-up link in the newest captured mail to an address. */
export async function capturedLink(portico: Portico, email: string): Promise<string> {
    const folder = join(portico.dataDir, 'outbox');
    for (let tries = 0; tries < 200; tries++) {
        const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort().reverse();
        for (const name of names) {
            const mail = await PostalMime.parse(await readFile(join(folder, name)));
            if (mail.to?.some((to) => to.address === email)) return linkIn(mail.text);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no mail to ${email} was captured`);
}

/** Completes an invitation; the account is active, and nobody is signed in. */
export async function complete(portico: Portico, link: string, name: string): Promise<Browser> {
    const browser = new Browser(portico);
    const page = new URL(link).pathname;
    const fields = { token: page.split('/').pop()!, full_name: name, mobile: '', password: PASSWORD, again: PASSWORD };
    went(await browser.post(page, 'complete-setup', fields), 'completing the set-up');
    return browser;
}

export async function signIn(browser: Browser, email: string, password = PASSWORD): Promise<Answer> {
    return browser.post('/sign-in', 'sign-in', { email, password, next: '' });
}

/** Invites, completes and signs in, where mail is captured. */
export async function makeUser(by: Account, email: string, name: string, role = 'member'): Promise<Account> {
    const { portico } = by.browser;
    await invite(by, email, role);
    const browser = await complete(portico, await capturedLink(portico, email), name);
    went(await signIn(browser, email), `signing ${email} in`);
    return { email, name, browser };
}

/** The id of a user in the list. */
export async function userId(by: Account, name: string): Promise<string> {
    const { text } = await by.browser.get(`/users?q=${encodeURIComponent(name)}`);
    const id = text.match(/href="\/users\/([0-9a-f-]{36})"/)?.[1];
    if (!id) throw new Error(`${name} is not in the list`);
    return id;
}
