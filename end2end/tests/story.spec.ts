// From nothing to a first accepted invitation, and what follows: the whole story, with every database and every mail.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from '../support/database.ts';
import { PASSWORD } from '../support/http.ts';
import { linkIn, type MailServer } from '../support/mail.ts';
import type { Portico } from '../support/portico.ts';
import { expect, failed, open, inspected, ready, test, told, type Page } from '../support/test.ts';

/** How the invitee gets at the link: from the mail server, or from the Outbox page that the owner reads. */
type Post = (email: string, count?: number) => Promise<{ text: string; html: string }>;

async function setUpOwner(page: Page, portico: Portico): Promise<void> {
    await open(page, await portico.ownerLink());
    await expect(page.getByRole('heading', { name: 'Make Portico yours' })).toBeVisible();
    await page.getByLabel('Full name').fill('Otto Owner');
    await page.getByLabel('Email').fill('otto@kestrel.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create owner' }).click();
    await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
    await ready(page);
    await told(page, 'Your workspace is ready.');
}

async function inviteUser(page: Page, email: string, role = 'Member'): Promise<void> {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
    await page.getByRole('link', { name: 'Invite user' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await expect(drawer.getByLabel('Email')).toBeFocused();
    await expect(drawer.getByLabel('Role')).toHaveValue('member');
    await drawer.getByLabel('Email').fill(email);
    await drawer.getByLabel('Role').selectOption({ label: role });
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, 'Invitation was successfully sent.');
    await expect(drawer).toBeHidden();
}

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** Fills the set-up page in, and sees the rules tick off. */
async function completeSetup(page: Page, email: string, name: string): Promise<void> {
    await expect(page.getByText('Otto Owner invites you')).toBeVisible();
    await expect(page.getByText('Owner at Portico')).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue(email);
    await expect(page.getByLabel('Email')).not.toBeEditable();
    const button = page.getByRole('button', { name: 'Create account' });
    const missing = page.locator('#still-missing');
    const rules = page.getByRole('list', { name: 'Password rules' });
    const met = rules.getByRole('listitem').filter({ hasText: ', met' });
    await expect(met).toHaveCount(0);

    await button.click();
    await expect(button).toBeEnabled();
    await expect(page.getByLabel('Full name')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Full name')).toBeFocused();
    await expect(page.getByText('Please fill this in.').first()).toBeVisible();
    await expect(missing).toContainText('Still missing: your full name');

    await page.getByLabel('Full name').fill(name);
    await expect(missing).not.toContainText('your full name');
    const password = page.getByLabel('Password', { exact: true });
    for (const [typed, ticked] of [['a', 1], ['aB', 2], ['aB1', 3], ['aB1!', 4], ['aB1!aB1!aB', 5]] as const) {
        await password.fill(typed);
        await expect(met).toHaveCount(ticked);
    }
    await expect(missing).toHaveText('Still missing: the same password twice.');
    await expect(button).toBeEnabled();
    await password.fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await expect(met).toHaveCount(6);
    await expect(missing).toHaveText('Everything is there.');
    await page.getByLabel('Mobile number').fill('+45 12 34 56 78');
    await button.click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await ready(page);
    await told(page, 'Your account is ready.');
}

async function signInAs(page: Page, email: string, password = PASSWORD): Promise<void> {
    await ready(page);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The next click of somebody who has lost access is refused. */
async function isRefused(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Dashboard' }).first().click({ timeout: 2000 }).catch(() => undefined);
    await expect(page.getByRole('heading', { name: /You are signed out|Sign in to Portico/ })).toBeVisible();
    await page.goto('/');
    await expect(page).toHaveURL(/\/sign-in$/);
}

async function setState(page: Page, name: string, state: string): Promise<void> {
    await page.getByRole('link', { name: `Edit ${name}` }).click();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByLabel('State').selectOption({ label: state });
    await page.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Changes saved.');
    await expect(row(page, name)).toContainText(state);
}

for (const database of ['embedded', 'url'] as const) {
    for (const mail of ['smtp', 'captured'] as const) {
        test(`from nothing to an accepted invitation, ${database} database, ${mail} mail`, async ({
            serve,
            mailServer,
            person,
        }) => {
            let smtp: MailServer | undefined;
            if (mail === 'smtp') smtp = await mailServer();
            const portico = await serve({ database, smtp: smtp?.url });
            const expected = [failed(401), failed(404), failed(422), failed(409)];
            const admin = await person({ at: portico, expected });
            const reader = await person({ at: portico, expected: [...expected, inspected] });
            const invitee = await person({ at: portico, expected });

            await setUpOwner(admin, portico);
            await reader.context().addCookies(await admin.context().cookies());

            const post: Post = smtp ? throughSmtp(smtp) : onOutboxPage(reader);
            await inviteUser(admin, 'ines@lumen.test');
            await admin.getByRole('navigation', { name: 'Users and invitations' })
                .getByRole('link', { name: 'Invitations' }).click();
            const invited = row(admin, 'ines@lumen.test');
            for (const words of ['ines@lumen.test', 'Pending', 'Member', 'Otto Owner', /h left/]) {
                await expect(invited).toContainText(words);
            }
            for (const column of ['Email', 'Invited at', 'Valid until', 'Status', 'Delivery', 'Actions']) {
                await expect(admin.getByRole('columnheader', { name: column })).toBeVisible();
            }
            await expect(invited.getByRole('button', { name: 'Resend invitation to ines@lumen.test' })).toBeVisible();
            await expect(invited.getByRole('link', { name: 'Delete invitation to ines@lumen.test' })).toBeVisible();
            // Without a reload.
            await expect(invited).toContainText(smtp ? /Sent \S/ : /Captured \S/);

            const letter = await post('ines@lumen.test');
            const link = linkIn(letter.text);
            expect(linkIn(letter.html)).toBe(link);
            expect(letter.html).toContain('Confirm your account');
            expect(letter.text).toContain('Confirm your account');
            await open(invitee, link);
            await completeSetup(invitee, 'ines@lumen.test', 'Ines Invitee');
            await expect(invited, 'the open page of the admin').toContainText('Approved');
            await signInAs(invitee, 'ines@lumen.test');
            await expect(invitee.getByRole('heading', { name: 'Nothing has been given to you yet' })).toBeVisible();
            await expect(invitee.getByRole('heading', { name: 'Whom to ask' })).toBeVisible();
            await expect(invitee.getByRole('link', { name: 'otto@kestrel.test' })).toBeVisible();
            await ready(invitee);

            // Sent again: the old link is dead, the new one works.
            const stranger = await person({ at: portico, expected });
            await inviteUser(admin, 'rosa@lumen.test');
            const first = linkIn((await post('rosa@lumen.test')).text);
            await admin.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Invitations' }).click();
            await admin.getByRole('button', { name: 'Resend invitation to rosa@lumen.test' }).click();
            await told(admin, 'Invitation was successfully sent.');
            await expect(row(admin, 'rosa@lumen.test').filter({ hasText: 'Inactivated' })).toHaveCount(1);
            await expect(row(admin, 'rosa@lumen.test').filter({ hasText: 'Pending' })).toHaveCount(1);
            const second = linkIn((await post('rosa@lumen.test', 1)).text);
            expect(second).not.toBe(first);
            await open(stranger, first);
            await expect(stranger.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
            await open(stranger, second);
            await expect(stranger.getByRole('button', { name: 'Create account' })).toBeVisible();

            // Deleted: its link is dead, also on a page that is open already.
            await admin.getByRole('link', { name: 'Delete invitation to rosa@lumen.test' }).click();
            const dialog = admin.getByRole('dialog', { name: 'Delete the invitation to rosa@lumen.test?' });
            await expect(dialog.getByText('The link in the mail stops working')).toBeVisible();
            await expect(dialog.getByRole('link', { name: 'Keep invitation' })).toBeFocused();
            await dialog.getByRole('button', { name: 'Delete invitation' }).click();
            await told(admin, 'Invitation deleted.');
            await expect(row(admin, 'rosa@lumen.test').filter({ hasText: 'Pending' })).toHaveCount(0);
            await stranger.getByLabel('Full name').fill('Rosa');
            await stranger.getByLabel('Password', { exact: true }).fill(PASSWORD);
            await stranger.getByLabel('Confirm password').fill(PASSWORD);
            await stranger.getByRole('button', { name: 'Create account' }).click();
            await expect(stranger.getByRole('alert').getByText('This link does not work any more.')).toBeVisible();

            if (database === 'url') {
                await inviteUser(admin, 'late@lumen.test');
                const late = linkIn((await post('late@lumen.test')).text);
                await sql(portico.databaseUrl, `update invitations set valid_until = now() where email_key = $1`, [
                    'late@lumen.test',
                ]);
                await open(admin, '/invitations');
                await expect(row(admin, 'late@lumen.test')).toContainText('Expired');
                await open(stranger, late);
                await expect(stranger.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
            }

            // Disabled, enabled, removed: each holds from the next click on.
            await admin.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
            await setState(admin, 'Ines Invitee', 'Disabled');
            await isRefused(invitee);
            await signInAs(invitee, 'ines@lumen.test');
            const refusal = invitee.getByRole('alert');
            await expect(refusal).toHaveText('This address and password do not open an account here.');
            await setState(admin, 'Ines Invitee', 'Enabled');
            await invitee.getByLabel('Password', { exact: true }).fill('Wrong-2026-no!');
            await invitee.getByRole('button', { name: 'Sign in' }).click();
            await expect(refusal).toHaveText('This address and password do not open an account here.');
            await invitee.getByLabel('Password', { exact: true }).fill(PASSWORD);
            await invitee.getByRole('button', { name: 'Sign in' }).click();
            await expect(invitee.getByRole('heading', { name: 'Nothing has been given to you yet' })).toBeVisible();
            await ready(invitee);

            await admin.getByRole('link', { name: 'Edit Ines Invitee' }).click();
            await admin.getByRole('link', { name: 'Profile' }).click();
            await expect(admin.getByText('+4512345678')).toBeVisible();
            await admin.getByRole('link', { name: 'Remove Ines Invitee' }).click();
            const remove = admin.getByRole('dialog', { name: 'Remove Ines Invitee?' });
            await expect(remove.getByText('Every session: the next click is refused')).toBeVisible();
            await remove.getByRole('button', { name: 'Remove' }).click();
            await told(admin, 'User removed.');
            await expect(row(admin, 'Ines Invitee')).toHaveCount(0);
            await isRefused(invitee);
            await inviteUser(admin, 'ines@lumen.test', 'Visitor');
            expect(linkIn((await post('ines@lumen.test', 1)).text)).not.toBe(link);

            // Out and in again.
            await admin.getByRole('button', { name: 'Your menu, Otto Owner' }).click();
            await admin.getByRole('button', { name: 'Sign out' }).click();
            await expect(admin).toHaveURL(/\/sign-in$/);
            await ready(admin);
            await told(admin, 'You are signed out.');
            await admin.goto('/users');
            await expect(admin).toHaveURL(/\/sign-in\?next=%2Fusers$/);
            await signInAs(admin, 'otto@kestrel.test');
            await expect(admin).toHaveURL(/\/users$/);
            await expect(admin.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();

            if (smtp) {
                expect(new Set(smtp.mails.map((mail) => mail.messageId)).size).toBe(smtp.mails.length);
                expect(await readdir(join(portico.dataDir)), 'nothing is captured').not.toContain('outbox');
            }
        });
    }
}

function throughSmtp(smtp: MailServer): Post {
    return async (email, count) => {
        const mail = await smtp.arrives(email, count);
        expect(mail.messageId).toMatch(/^<.+@.+>$/);
        expect(mail.subject).toBe('Otto Owner invites you to Portico');
        return { text: mail.text ?? '', html: mail.html ?? '' };
    };
}

function onOutboxPage(owner: Page): Post {
    return async (email, count = 0) => {
        await open(owner, '/outbox');
        await expect(owner.getByText('Mail is captured, not sent.')).toBeVisible();
        const reads = owner.getByRole('link', { name: `Read the mail to ${email}` });
        await expect(reads).toHaveCount(count + 1);
        await reads.first().click();
        const drawer = owner.getByRole('dialog', { name: 'Otto Owner invites you to Portico' });
        const frame = drawer.frameLocator('iframe');
        await expect(frame.getByRole('link', { name: 'Confirm your account' })).toBeVisible();
        return {
            text: await drawer.locator('pre').innerText(),
            html: await frame.locator('body').innerHTML(),
        };
    };
}
