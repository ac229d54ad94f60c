// Mail that must not get lost: an hour without SMTP, a killed server, a killed database.
import { invite, makeOwner, type Account } from '../support/http.ts';
import type { MailServer } from '../support/mail.ts';
import type { Portico } from '../support/portico.ts';
import { expect, open, test } from '../support/test.ts';
import { identity } from '../support/tls.ts';

/** Connections that one server opens to the mail server at most (`SENDERS` in src/mail/transport.rs). */
const SENDERS = 4;
const MANY = 200;
/** A kill hits another moment each time: `make soak` tries many. */
const ROUNDS = process.env.PORTICO_SOAK ? 10 : 1;

test('mail down for a while: deferred with the reason, then sent, once', async ({ serve, mailServer, person }) => {
    const smtp = await mailServer();
    const portico = await serve({ smtp: smtp.url });
    const owner = await makeOwner(portico);
    await smtp.stop();
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await invite(owner, 'ines@lumen.test');
    const row = page.getByRole('row').filter({ hasText: 'ines@lumen.test' });
    await expect(row).toContainText('Deferred');
    await expect(row).toContainText(/refused/i);
    await smtp.start();
    await expect(row, 'without a reload').toContainText(/Sent \S/, { timeout: 60_000 });
    await expect(row).not.toContainText('Deferred');
    await portico.stop();
    expect(smtp.to('ines@lumen.test')).toHaveLength(1);
});

for (const kind of ['starttls', 'tls'] as const) {
    test(`mail over ${kind}, with credentials`, async ({ serve, mailServer, person }) => {
        const ours = identity();
        const account = { kind, user: 'portico@lumen.test', password: 'p@ss/w:rd', identity: ours };
        const smtp = await mailServer(account);
        const portico = await serve({ smtp: smtp.url, authorities: ours.authority });
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        await smtp.until(() => smtp.to('ines@lumen.test').length === 1);

        // A server that cannot show who it is gets no mail, and the list says why.
        const stranger = await serve({ smtp: smtp.url, authorities: identity().authority });
        const other = await makeOwner(stranger);
        await invite(other, 'rosa@lumen.test');
        const page = await person({ at: stranger, as: other });
        await open(page, '/invitations');
        await expect(page.getByRole('row').filter({ hasText: 'rosa@lumen.test' })).toContainText(/Deferred.*certificate/i);
        expect(smtp.to('rosa@lumen.test')).toHaveLength(0);
    });
}

/** Room for everybody who is invited. */
async function seats(portico: Portico): Promise<void> {
    await portico.command(['plan', 'set', 'enterprise', '--seats', '1000']);
}

/** Queues many, and returns when some of them are sent and most are not. */
async function inTheMidst(smtp: MailServer, owner: Account): Promise<void> {
    smtp.slowness = 20;
    const release = smtp.hold();
    for (let first = 0; first < MANY; first += 10) {
        await Promise.all(
            Array.from({ length: 10 }, (_, index) => invite(owner, `guest${first + index}@lumen.test`)),
        );
    }
    release();
    await smtp.until(() => smtp.mails.length >= MANY / 4);
}

async function allArrive(smtp: MailServer): Promise<void> {
    await smtp.until(() => ids(smtp).size >= MANY);
}

function ids(smtp: MailServer): Set<string | undefined> {
    return new Set(smtp.mails.map((mail) => mail.messageId));
}

function expectHardlyAnyTwice(smtp: MailServer): void {
    expect(ids(smtp).size).toBe(MANY);
    expect(new Set(smtp.mails.map((mail) => mail.to?.[0]?.address)).size).toBe(MANY);
    expect(smtp.mails.length - MANY, 'mails that came twice').toBeLessThanOrEqual(SENDERS);
    test.info().annotations.push({ type: 'twice', description: String(smtp.mails.length - MANY) });
}

for (const database of ['embedded', 'url'] as const) {
    for (let round = 1; round <= ROUNDS; round++) {
        test(`kill -9 in the midst of ${MANY} invitations, ${database} database, ${round}`, async ({ serve, mailServer }) => {
            const smtp = await mailServer();
            const portico = await serve({ database, smtp: smtp.url });
            const owner = await makeOwner(portico);
            await seats(portico);
            await inTheMidst(smtp, owner);
            await portico.kill9();
            expect(smtp.mails.length).toBeLessThan(MANY);
            await portico.start();
            await allArrive(smtp);
            await portico.stop();
            expectHardlyAnyTwice(smtp);
        });
    }
}

test(`PostgreSQL killed in the midst of ${MANY} invitations`, async ({ serve, mailServer }) => {
    const smtp = await mailServer();
    const portico = await serve({ database: 'embedded', smtp: smtp.url });
    const owner = await makeOwner(portico);
    await seats(portico);
    await inTheMidst(smtp, owner);
    await portico.killPostgres();
    await allArrive(smtp);
    await portico.stop();
    expectHardlyAnyTwice(smtp);
});
