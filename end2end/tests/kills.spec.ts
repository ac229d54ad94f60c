// A server that is killed at any moment, while invitations are created, sent and accepted: nothing is lost, nothing comes twice,
// and every status is what its history says. PORTICO_SEED repeats the moments of an earlier run.
import { randomInt } from 'node:crypto';
import { sql } from '../support/database.ts';
import { type Account, type Answer, Browser, makeOwner, PASSWORD, signIn } from '../support/http.ts';
import { linkIn, type Mail, type MailServer } from '../support/mail.ts';
import type { Portico } from '../support/portico.ts';
import { expect, test } from '../support/test.ts';

const soak = !!process.env.PORTICO_SOAK;
const KILLS = soak ? 20 : 3;
const INVITED = 1000;
/** Addresses of one paste. */
const PASTE = 50;
/** The next paste is posted when fewer than this have still to accept: creating, sending and accepting go on together, to the end. */
const AHEAD = 25;
/** Invitees who are at it at the same time. */
const HANDS = 4;
/** Every so many invitees sign in, and all whose answer was lost: each costs the hash of a password. */
const SIGNS_IN = 10;
/** Milliseconds that the mail server takes before it has a mail, and again before it says so. */
const SLOWNESS = 12;
/** Connections that one server opens to the mail server at most (`SENDERS` in src/mail/transport.rs). */
const SENDERS = 4;
/** Milliseconds after which what has not come is lost: the run takes less than a minute. */
const PATIENCE = 180_000;

/** What is killed, and about how many milliseconds it takes: a kill comes at a random one of them. */
const PHASES = { create: 60, send: 2 * SLOWNESS, accept: 90 };
type Phase = keyof typeof PHASES;

/** When so many have accepted, so many milliseconds after the next beginning of the phase. */
interface Moment {
    accepted: number;
    phase: Phase;
    late: number;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Moments all over the run, each in a part of its own, of each phase as many as of the others. */
function moments(seed: number): Moment[] {
    const random = chance(seed);
    const phases = Object.keys(PHASES) as Phase[];
    const first = Math.floor(random() * phases.length);
    return Array.from({ length: KILLS }, (_, index) => {
        const phase = phases[(first + index) % phases.length]!;
        // The last paste begins when this many have accepted.
        const accepted = Math.floor(((index + random()) / KILLS) * (INVITED - PASTE - AHEAD));
        return { accepted, phase, late: random() * PHASES[phase] };
    });
}

/** Everybody who has something to do with the run, and what they have seen. */
class Run {
    readonly begun = { create: 0, send: 0, accept: 0 };
    readonly busy = { create: 0, accept: 0 };
    /** Answers that a kill took, by what had become of the question. */
    readonly lost = { createdAll: 0, createdNone: 0, accepted: 0, notAccepted: 0, other: 0 };
    readonly hits: string[] = [];
    accepted = 0;
    kills = 0;
    /** The first mail of each Message-ID, in their order. */
    readonly letters = new Map<string, Mail>();
    /** Nobody is killed any more. */
    over = false;
    /** The server answers. */
    up = Promise.resolve();
    #waiting: { enough: () => boolean; found: () => void }[] = [];

    constructor(
        readonly portico: Portico,
        readonly smtp: MailServer,
        readonly owner: Account,
    ) {}

    /** Pastes all addresses, some at a time. */
    async create(): Promise<void> {
        for (let first = 0; first < INVITED; first += PASTE) {
            await this.#until(() => first - this.accepted < AHEAD);
            const emails = Array.from({ length: PASTE }, (_, index) => address(first + index)).join('; ');
            const fields = { 'rows][0][emails': emails, 'rows][0][role': 'member', notify: 'true', back: '/users' };
            this.#begin('create');
            const post = () => this.owner.browser.post('/users?invite=1', 'invite', fields);
            const { answer, lost } = await this.#insist('create', post);
            // Whoever is invited already is skipped, with the reason beside the address.
            const skipped = lost && answer.status === 422;
            if (!skipped) went(answer, `paste from ${first}`);
            if (lost) this.lost[skipped ? 'createdAll' : 'createdNone'] += 1;
        }
    }

    /** Takes in what the mail server gets, each letter once. */
    async receive(): Promise<void> {
        for (let looked = 0; this.letters.size < INVITED; ) {
            await this.smtp.until(() => this.smtp.mails.length > looked);
            const mail = this.smtp.mails[looked++]!;
            if (this.letters.has(mail.messageId!)) continue;
            this.letters.set(mail.messageId!, mail);
            this.#begin('send');
        }
    }

    /** Accepts what arrives, several at once. */
    async accept(): Promise<void> {
        const letters = this.letters.values();
        let taken = 0;
        const hand = async () => {
            while (taken < INVITED) {
                const mine = taken++;
                await this.#until(() => this.letters.size > mine);
                await this.#acceptOne(letters.next().value!, mine);
            }
        };
        await Promise.all(Array.from({ length: HANDS }, hand));
    }

    async #acceptOne(mail: Mail, index: number): Promise<void> {
        const email = mail.to![0]!.address!;
        const page = new URL(linkIn(mail.text)).pathname;
        const fields = {
            token: page.split('/').pop()!,
            full_name: `Guest ${email.split('@')[0]}`,
            mobile: '',
            password: PASSWORD,
            again: PASSWORD,
        };
        // Each from a place of their own: a place may set up thirty accounts a minute.
        const browser = new Browser(this.portico, `10.0.${index >> 8}.${index & 255}`);
        this.#begin('accept');
        const { answer, lost } = await this.#insist('accept', () => browser.post(page, 'complete-setup', fields));
        const used = lost && answer.status === 409 && answer.text.includes('This invitation is completed');
        if (!used) went(answer, `the set-up of ${email}`);
        if (lost) this.lost[used ? 'accepted' : 'notAccepted'] += 1;
        if (lost || index % SIGNS_IN === 0) {
            went((await this.#insist('other', () => signIn(browser, email))).answer, `signing ${email} in`);
            const account = (await this.#insist('other', () => browser.get('/'))).answer;
            expect(account.text, 'whose account it is').toContain(fields.full_name);
        }
        this.accepted += 1;
        this.#look();
    }

    /** Kills and starts again, at each of the moments. */
    async kill(all: Moment[]): Promise<void> {
        for (const { accepted, phase, late } of all) {
            await this.#until(() => this.accepted >= accepted);
            const begun = this.begun[phase];
            await this.#until(() => this.begun[phase] > begun || this.accepted === INVITED);
            await new Promise((resolve) => setTimeout(resolve, late));
            if (this.over) return;
            expect(this.accepted, 'that something is still to be done').toBeLessThan(INVITED);
            const { create, accept } = this.busy;
            const sent = this.letters.size - this.accepted - accept;
            this.hits.push(
                `${phase} ${begun + 1} + ${late.toFixed()} ms: ${create} pastes and ${accept} set-ups under way, `
                + `${this.begun.create * PASTE - this.letters.size} mails to come, ${sent} unopened`,
            );
            this.kills += 1;
            this.up = this.portico.kill9().then(() => this.portico.start());
            await this.up;
        }
    }

    /** Asks until there is an answer. Only a kill may take one. */
    async #insist(what: 'create' | 'accept' | 'other', ask: () => Promise<Answer>): Promise<{ answer: Answer; lost: boolean }> {
        for (let lost = false; ; lost = true) {
            await this.up;
            const before = this.kills;
            if (what !== 'other') this.busy[what] += 1;
            try {
                return { answer: await ask(), lost };
            } catch (error) {
                if (this.kills === before) throw error;
                if (what === 'other') this.lost.other += 1;
            } finally {
                if (what !== 'other') this.busy[what] -= 1;
            }
        }
    }

    #begin(phase: Phase): void {
        this.begun[phase] += 1;
        this.#look();
    }

    async #until(enough: () => boolean): Promise<void> {
        if (enough()) return;
        await new Promise<void>((found) => this.#waiting.push({ enough, found }));
    }

    #look(): void {
        const found = this.#waiting.filter((waiting) => waiting.enough());
        this.#waiting = this.#waiting.filter((waiting) => !found.includes(waiting));
        for (const waiting of found) waiting.found();
    }
}

function address(index: number): string {
    return `guest${index}@lumen.test`;
}

function went(answer: Answer, what: string): void {
    if (answer.status !== 303) throw new Error(`${what} answered ${answer.status}:\n${answer.text}`);
}

/** The mail server has seen each letter to each address, and the same letter again at most. */
function expectMails({ smtp, letters }: Run): void {
    expect([...letters.values()].map((mail) => mail.to![0]!.address).sort()).toEqual(
        Array.from({ length: INVITED }, (_, index) => address(index)).sort(),
    );
    for (const mail of smtp.mails) {
        const known = letters.get(mail.messageId!)!;
        expect([mail.to, linkIn(mail.text)], 'a mail that came twice').toEqual([known.to, linkIn(known.text)]);
    }
    expect(smtp.mails.length - INVITED, 'mails that came twice').toBeLessThanOrEqual(KILLS * SENDERS);
}

async function expectRows(portico: Portico): Promise<void> {
    const ask = (statement: string) => sql(portico.tables, statement);
    expect(await ask(`
        select count(*)::int as rows, count(distinct email_key)::int as addresses, count(distinct invited_at)::int as pastes
        from invitations where email_key ~ '^guest[0-9]+@lumen.test$'`), 'a paste is one transaction: all of it, or nothing',
    ).toEqual([{ rows: INVITED, addresses: INVITED, pastes: INVITED / PASTE }]);
    expect(await ask(`
        select status, history, in_order, count(*)::int as rows from invitations join lateral (
            select string_agg(what, ' ' order by what) as history,
                max(at) filter (where what = 'invited') <= max(at) filter (where what = 'queued')
                    and max(at) filter (where what = 'queued') <= max(at) filter (where what = 'sent')
                    and max(at) filter (where what = 'queued') <= max(at) filter (where what = 'completed')
                    and max(at) filter (where what = 'completed') <= max(at) filter (where what = 'accepted') as in_order
            from invitation_events where workspace_id = invitations.workspace_id and invitation_id = invitations.id
        ) told on true group by status, history, in_order`), 'each status, and its history',
    ).toEqual([{ status: 'approved', history: 'accepted completed invited queued sent', in_order: true, rows: INVITED }]);
    expect(await ask(`
        select state, kind, count(*)::int as rows, count(distinct users.email_key)::int as addresses from users
        join invitations on invitations.workspace_id = users.workspace_id and invitations.user_id = users.id
            and invitations.email_key = users.email_key
        group by state, kind`), 'an account for each, its own',
    ).toEqual([{ state: 'enabled', kind: 'teammate', rows: INVITED, addresses: INVITED }]);
    expect(await ask(`
        select (select count(*) from users)::int as users, count(*)::int as assignments, count(distinct user_id)::int as holders
        from assignments`), 'and the owner\'s, each with one role',
    ).toEqual([{ users: INVITED + 1, assignments: INVITED + 1, holders: INVITED + 1 }]);
    expect(await ask(`
        select state, sealed_body is null as erased, count(*)::int as rows, count(distinct invitation_id)::int as invitations
        from messages group by state, erased`), 'a message for each, handed over',
    ).toEqual([{ state: 'sent', erased: true, rows: INVITED, invitations: INVITED }]);
    expect(await ask(`
        select action, count(*)::int as rows, count(distinct subject_id)::int as subjects from audit_log
        where subject_id in (select id from invitations union all select user_id from invitations) group by action order by action`),
    'the audit log').toEqual([
        { action: 'invitation.create', rows: INVITED, subjects: INVITED },
        { action: 'user.create', rows: INVITED, subjects: INVITED },
    ]);
}

async function live(portico: Portico, smtp: MailServer, seed: number): Promise<Run> {
    smtp.hesitation = SLOWNESS;
    smtp.slowness = SLOWNESS;
    const run = new Run(portico, smtp, await makeOwner(portico));
    await portico.command(['plan', 'set', 'enterprise', '--seats', String(INVITED + 1)]);
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
        const tell = () => reject(new Error(`${run.letters.size} of ${INVITED} mails came, ${run.accepted} were accepted`));
        late = setTimeout(tell, PATIENCE);
    });
    const all = Promise.all([run.create(), run.receive(), run.accept(), run.kill(moments(seed))]);
    try {
        await Promise.race([all, patience]);
    } finally {
        clearTimeout(late);
        run.over = true;
        await run.up;
    }
    // What was killed on its way to the mail server goes there once more.
    const unsent = `select count(*)::int as rows from messages where state <> 'sent'`;
    await expect.poll(() => sql(portico.tables, unsent), { timeout: 30_000 }).toEqual([{ rows: 0 }]);
    expect(run.kills).toBe(KILLS);
    expectMails(run);
    await expectRows(portico);
    return run;
}

for (const database of soak ? (['url', 'embedded'] as const) : (['url'] as const)) {
    const title = `kill -9 at ${KILLS} moments while ${INVITED} invitations are created, sent and accepted, ${database} database`;
    test(title, async ({ serve, mailServer }) => {
        const seed = Number(process.env.PORTICO_SEED ?? randomInt(2 ** 31));
        const began = Date.now();
        const smtp = await mailServer();
        const run = await live(await serve({ database, smtp: smtp.url, proxied: true }), smtp, seed).catch((error: unknown) => {
            throw new Error(`PORTICO_SEED=${seed} repeats the moments of this run`, { cause: error });
        });
        const figures = {
            seed,
            seconds: Math.round((Date.now() - began) / 1000),
            hits: run.hits,
            answersLost: run.lost,
            mailsTwice: smtp.mails.length - INVITED,
        };
        test.info().annotations.push({ type: 'kills', description: JSON.stringify(figures) });
        if (soak) console.log(database, figures);
    });
}
