// Source 004, "Invitations", line by line: each test has the words of the line it stands for.
import { sql } from '../support/database.ts';
import { capturedLink, complete, invite, makeOwner, PASSWORD, signIn, type Account } from '../support/http.ts';
import { linkIn } from '../support/mail.ts';
import type { Portico } from '../support/portico.ts';
import { expect, failed, look, open, ready, test, told, type Page } from '../support/test.ts';

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const clock = (page: Page, email: string) => page.getByRole('link', { name: `Review pending invitation for ${email}` });
const bin = (page: Page, email: string) => page.getByRole('link', { name: `Delete invitation to ${email}` });
const envelope = (page: Page, email: string) => page.getByRole('button', { name: `Resend invitation to ${email}` });

/** Auto-approval, as Settings has it. */
async function approveBy(portico: Portico, who: 'itself' | 'hand'): Promise<void> {
    await sql(portico.databaseUrl, 'update workspaces set auto_approval = $1', [who === 'itself']);
}

/** The time of an address's invitation is over. */
async function runOut(portico: Portico, email: string): Promise<void> {
    const statement = `update invitations set valid_until = now() - interval '1 second' where email_key = $1 and status = 'pending'`;
    await sql(portico.databaseUrl, statement, [email]);
}

/** Invited and registered, while somebody has to approve. */
async function registered(portico: Portico, owner: Account, email: string, name: string): Promise<void> {
    await approveBy(portico, 'hand');
    await invite(owner, email, 'visitor');
    await complete(portico, await capturedLink(portico, email), name);
}

test.describe('Invitations', () => {
    test('By the portal administrator, sending an invitation to the developer’s email. Invitations sent are listed on the Invitations page.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await open(page, '/');
        await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Invitations' }).click();
        await expect(page.getByRole('heading', { name: 'Invitations', level: 1 })).toBeVisible();
        await expect(page.getByText('Nobody is invited yet')).toBeVisible();
        await invite(owner, 'ines@lumen.test');
        await expect(row(page, 'ines@lumen.test'), 'without a reload').toContainText('Pending');
    });

    test('The invitation list displays: Email, Invited at, Valid until, Status, Actions', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test', 'visitor');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        for (const head of ['Email', 'Invited at', 'Valid until', 'Status', 'Actions', 'Role', 'Delivery', 'Invited by']) {
            await expect(page.getByRole('columnheader', { name: head })).toBeVisible();
        }
        const line = row(page, 'ines@lumen.test');
        await expect(line).toContainText('Pending');
        await expect(line).toContainText('Visitor');
        await expect(line).toContainText('Otto Owner');
        // Seventy-two hours lie between the two.
        const times = await line.locator('td time').evaluateAll((all) => all.map((it) => it.getAttribute('datetime')!));
        expect((Date.parse(times[1]!) - Date.parse(times[0]!)) / 3_600_000).toBe(72);
        for (const head of ['Email', 'Invited at', 'Valid until']) {
            await page.getByRole('columnheader', { name: head }).getByRole('link').click();
            await expect(page.getByRole('columnheader', { name: head })).toHaveAttribute('aria-sort', /ascending|descending/);
        }
    });

    test('All invitations are pre-approved by default and the developer only needs to click the link in the email to complete the process.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const browser = await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
        expect((await signIn(browser, 'ines@lumen.test')).status).toBe(303);
    });

    test('All accounts, whether active or inactive, are listed as Developers.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await sql(
            portico.databaseUrl,
            `with company as (insert into organizations (workspace_id, id, slug, name)
                 select id, gen_random_uuid(), 'hansa', 'Hansa' from workspaces returning workspace_id, id),
             people as (insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, state)
                 select workspace_id, gen_random_uuid(), 'organization', name || '@hansa.test', name || '@hansa.test', name, name, state
                 from company, (values ('active', 'enabled'), ('inactive', 'disabled')) as them (name, state) returning workspace_id, id)
             insert into assignments (workspace_id, id, user_id, category, role_id, organization_id)
                 select people.workspace_id, gen_random_uuid(), people.id, 'organization', '00000000-0000-0000-0000-000000000008', company.id
                 from people, company`,
        );
        const page = await person({ at: portico, as: owner });
        await open(page, '/users?kind=organization');
        await expect(row(page, 'active@hansa.test').first()).toBeVisible();
        await expect(row(page, 'inactive@hansa.test')).toContainText('Disabled');
    });
});

test.describe('Registering a developer', () => {
    test('On the Invitations screen, click + INVITE. Enter the email to send the invitation. Click SUBMIT. An invitation will be sent to the email.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await page.getByRole('link', { name: '+ INVITE' }).click();
        const drawer = page.getByRole('dialog');
        await drawer.getByLabel('Email').fill('ines@lumen.test');
        await drawer.getByRole('button', { name: 'SUBMIT' }).click();
        await told(page, 'Invitation was successfully sent.');
        expect((await mails.arrives('ines@lumen.test')).subject).toBe('Otto Owner invites you to Portico');
        await expect(row(page, 'ines@lumen.test')).toContainText('Sent');
    });

    test('You may send invitations to more than one email address at a time. Use ";" between emails, no spaces.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await page.getByRole('link', { name: '+ INVITE' }).click();
        const drawer = page.getByRole('dialog');
        await drawer.getByLabel('Email').first().fill('ines@lumen.test;lars@hansa.test;zofia@baltic.test');
        await drawer.getByRole('button', { name: 'SUBMIT' }).click();
        for (const email of ['ines@lumen.test', 'lars@hansa.test', 'zofia@baltic.test']) {
            await mails.arrives(email);
            await expect(row(page, email)).toContainText('Pending');
        }
    });

    test('The recipient has 72 hours to click the Confirm your account button in the email.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const mail = await mails.arrives('ines@lumen.test');
        const link = linkIn(mail.text);
        expect(linkIn(mail.html)).toBe(link);
        expect(mail.html).toContain('Confirm your account');
        const [{ hours }] = (await sql(
            portico.databaseUrl,
            'select extract(epoch from valid_until - invited_at) / 3600 as hours from invitations',
        )) as [{ hours: string }];
        expect(Number(hours)).toBe(72);
        await runOut(portico, 'ines@lumen.test');
        const invitee = await person({ at: portico, expected: [failed(404)] });
        await open(invitee, link);
        await expect(invitee.getByLabel('Full name')).toHaveCount(0);
    });

    test('Upon click, the link will open your portal displaying the CREATE AN ACCOUNT tab. The developer should inform their full name and choose and confirm a password.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const link = await capturedLink(portico, 'ines@lumen.test');
        expect(link.startsWith(`${portico.url}/setup/`)).toBe(true);
        const invitee = await person({ at: portico });
        await open(invitee, link);
        await expect(invitee.getByRole('link', { name: 'CREATE AN ACCOUNT' })).toHaveAttribute('aria-current', /.+/);
        await invitee.getByLabel('Full name').fill('Ines Caetano');
        await invitee.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await invitee.getByLabel('Confirm password').fill(PASSWORD);
        await invitee.getByRole('button', { name: 'Create account' }).click();
        await expect(invitee).toHaveURL(/\/sign-in$/);
    });

    test('The password must contain: at least 10 and at most 16 characters, lowercase and uppercase letters, number and special character. The informed password and password confirmation must be the same.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const invitee = await person({ at: portico, expected: [failed(422)] });
        await open(invitee, await capturedLink(portico, 'ines@lumen.test'));
        await invitee.getByLabel('Full name').fill('Ines Caetano');
        const wrong = [
            ['aB1!aB1!a', 'nine'],
            ['aB1!aB1!aB1!aB1!a', 'seventeen'],
            ['AB1!AB1!AB', 'no lowercase'],
            ['ab1!ab1!ab', 'no uppercase'],
            ['aBc!aBc!aB', 'no number'],
            ['aB12aB12aB', 'nothing special'],
        ] as const;
        const field = invitee.getByLabel('Password', { exact: true });
        for (const [password, why] of wrong) {
            await field.fill(password);
            await invitee.getByLabel('Confirm password').fill(password);
            await invitee.getByRole('button', { name: 'Create account' }).click();
            await expect(field, why).toHaveAttribute('aria-invalid', 'true');
        }
        await field.fill('aB1!aB1!aB');
        await invitee.getByLabel('Confirm password').fill('aB1!aB1!aC');
        await invitee.getByRole('button', { name: 'Create account' }).click();
        await expect(invitee.getByLabel('Confirm password')).toHaveAttribute('aria-invalid', 'true');
        await invitee.getByLabel('Confirm password').fill('aB1!aB1!aB');
        await invitee.getByRole('button', { name: 'Create account' }).click();
        await expect(invitee).toHaveURL(/\/sign-in$/);
    });

    test('The login takes place on the same screen, but in the LOGIN tab.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const link = await capturedLink(portico, 'ines@lumen.test');
        await complete(portico, link, 'Ines Caetano');
        const page = await person({ at: portico });
        await open(page, '/sign-in');
        await page.getByRole('link', { name: 'CREATE AN ACCOUNT' }).click();
        await page.getByRole('link', { name: 'LOGIN' }).click();
        await page.getByLabel('Email').fill('ines@lumen.test');
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
    });

    test('The background color of the login screen can be customized.', async ({ serve, person }) => {
        const portico = await serve();
        await makeOwner(portico);
        const page = await person({ at: portico });
        const colours = () =>
            page.evaluate(() => [...document.querySelectorAll('body, body *')].map((it) => getComputedStyle(it).backgroundColor));
        await open(page, '/sign-in');
        expect(await colours()).not.toContain('rgb(18, 52, 86)');
        await sql(portico.databaseUrl, `update workspaces set colour = '#123456'`);
        // What a host name leads to is remembered for two seconds.
        await expect
            .poll(async () => {
                await open(page, '/sign-in');
                return colours();
            })
            .toContain('rgb(18, 52, 86)');
    });
});

test.describe('Actions', () => {
    test('Review pending invitation: Click clock icon to review the registration request from the developer. This action is only available for invitations with the Waiting status.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'waits@lumen.test', 'Wanda Waiting');
        await invite(owner, 'open@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(clock(page, 'open@lumen.test')).toHaveCount(0);
        await clock(page, 'waits@lumen.test').click();
        const dialog = page.getByRole('dialog', { name: 'Registration of waits@lumen.test' });
        await expect(dialog).toContainText('Wanda Waiting');
        await expect(dialog).toContainText('Visitor');
        await look(page, 'invitations-review');
    });

    test('Delete: Click trash can icon to delete the invitation. Only invitations with status Pending and Expired can be deleted.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        for (const email of ['pending@lumen.test', 'expired@lumen.test', 'approved@lumen.test']) await invite(owner, email);
        await runOut(portico, 'expired@lumen.test');
        await complete(portico, await capturedLink(portico, 'approved@lumen.test'), 'Ada Approved');
        await registered(portico, owner, 'waiting@lumen.test', 'Wanda Waiting');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        for (const email of ['approved@lumen.test', 'waiting@lumen.test']) await expect(bin(page, email)).toHaveCount(0);
        for (const email of ['pending@lumen.test', 'expired@lumen.test']) {
            await bin(page, email).click();
            await page.getByRole('button', { name: 'Delete invitation' }).click();
            await told(page, 'Invitation deleted.');
            await expect(row(page, email)).toHaveCount(0);
        }
    });

    test('Resend invitation: Click envelope icon to have a new invitation sent to the email address.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const first = linkIn((await mails.arrives('ines@lumen.test')).text);
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        const second = linkIn((await mails.arrives('ines@lumen.test', 1)).text);
        expect(second).not.toBe(first);
        const invitee = await person({ at: portico, expected: [failed(404)] });
        await open(invitee, first);
        await expect(invitee.getByLabel('Full name')).toHaveCount(0);
        await open(invitee, second);
        await expect(invitee.getByLabel('Full name')).toBeVisible();
    });

    test('You can perform searches by email or invitation status. The search also works with part of the email.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        for (const email of ['ines@lumen.test', 'lars@hansa.test', 'lena@hansa.test']) await invite(owner, email);
        await runOut(portico, 'lena@hansa.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        const search = page.getByRole('searchbox', { name: 'Part of an email address' });
        await search.fill('ANS');
        await expect(row(page, 'ines@lumen.test'), 'while one types, from three characters').toHaveCount(0);
        await expect(row(page, '@hansa.test')).toHaveCount(2);
        await page.getByRole('link', { name: 'Expired' }).click();
        await expect(row(page, '@hansa.test')).toHaveCount(1);
        await expect(row(page, 'lena@hansa.test')).toContainText('Expired');
    });

    test('Select the status from the drop-down menu. Click SEARCH to update the list with search results.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        for (const email of ['ines@lumen.test', 'lars@hansa.test']) await invite(owner, email);
        await runOut(portico, 'lars@hansa.test');
        // Without script nothing happens before SEARCH is clicked.
        const page = await person({ at: portico, as: owner, javaScriptEnabled: false });
        await page.goto('/invitations');
        await page.getByRole('combobox', { name: 'Status' }).selectOption('Expired');
        await expect(row(page, 'ines@lumen.test')).toBeVisible();
        await page.getByRole('button', { name: 'SEARCH' }).click();
        await expect(page).toHaveURL(/status=expired/);
        await expect(row(page, 'ines@lumen.test')).toHaveCount(0);
        await expect(row(page, 'lars@hansa.test')).toBeVisible();
        const scripted = await person({ at: portico, as: owner });
        await open(scripted, '/invitations');
        await scripted.getByRole('combobox', { name: 'Status' }).selectOption('Pending');
        await scripted.getByRole('button', { name: 'SEARCH' }).click();
        await expect(row(scripted, 'lars@hansa.test')).toHaveCount(0);
        await expect(row(scripted, 'ines@lumen.test')).toBeVisible();
    });
});

test.describe('Invitation status', () => {
    test('Approved: This status indicates that the account was successfully created. If the auto approval option is enabled, the invitation will move to the status Approved when the developer completes the registration process.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await approveBy(portico, 'itself');
        await invite(owner, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Pending');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        await expect(row(page, 'ines@lumen.test'), 'without a reload').toContainText('Approved');
        await open(page, '/users?q=ines');
        await expect(row(page, 'Ines Caetano')).toBeVisible();
    });

    test('Invitations that had Waiting statuses and were approved are automatically moved to the Approved status.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=waiting');
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'ACCEPT' }).click();
        await told(page, 'Registration approved.');
        await expect(row(page, 'ines@lumen.test')).toHaveCount(0);
        await page.getByRole('link', { name: 'Approved' }).click();
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
    });

    test('Pending: After an invitation is sent, it remains Pending activation. While pending activation, the invitation can be deleted or resent.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=pending');
        await expect(row(page, 'ines@lumen.test')).toContainText('Pending');
        await expect(bin(page, 'ines@lumen.test')).toBeVisible();
        await expect(envelope(page, 'ines@lumen.test')).toBeVisible();
    });

    test('Waiting: if the auto-approval option is disabled, it will remain Waiting for approval. Invitations awaiting approval cannot be deleted, but you can click clock icon and deny approval.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/');
        await expect(page.getByText('1 registration waits for approval')).toBeVisible();
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Waiting');
        await expect(bin(page, 'ines@lumen.test')).toHaveCount(0);
        await expect(envelope(page, 'ines@lumen.test')).toHaveCount(0);
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        await expect(row(page, 'ines@lumen.test')).toContainText('Rejected');
    });

    test('Rejected: This status indicates that the invitation had its approval denied. If you change your mind, you can click envelope icon to have a new invitation email sent.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await approveBy(portico, 'hand');
        await invite(owner, 'ines@lumen.test');
        await complete(portico, linkIn((await mails.arrives('ines@lumen.test')).text), 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        expect((await mails.arrives('ines@lumen.test', 1)).subject).toBe('Your registration at Portico was not accepted');
        await expect(bin(page, 'ines@lumen.test')).toHaveCount(0);
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        linkIn((await mails.arrives('ines@lumen.test', 2)).text);
    });

    test('Expired: The developer has 72 hours to access the link in the invitation and complete the registration process. After that period, the invitation expires and it can then be deleted or resent.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        await runOut(portico, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=expired');
        await expect(row(page, 'ines@lumen.test')).toContainText('Ended');
        await expect(bin(page, 'ines@lumen.test')).toBeVisible();
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        await open(page, '/invitations?status=pending');
        await expect(row(page, 'ines@lumen.test')).toHaveCount(1);
    });

    test('Inactivated: When an invitation is resent, it remains Inactivated until the developer completes the registration process.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        await mails.arrives('ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        await expect(row(page, 'Inactivated')).toHaveCount(1);
        await expect(row(page, 'Inactivated').getByRole('button')).toHaveCount(0);
        await complete(portico, linkIn((await mails.arrives('ines@lumen.test', 1)).text), 'Ines Caetano');
        await expect(row(page, 'Inactivated'), 'it leaves the list').toHaveCount(0);
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
        // In its history it stays.
        await row(page, 'ines@lumen.test').getByRole('link', { name: 'ines@lumen.test' }).click();
        await expect(page.getByText('Registration completed')).toBeVisible();
        await page.getByRole('link', { name: 'The invitation that this one replaced' }).click();
        await expect(page.getByText('Replaced by a new invitation')).toBeVisible();
        await look(page, 'invitation-replaced');
    });
});

test.describe('Approving or rejecting a registration', () => {
    test('You can approve or reject a registration while the invitation is in the Waiting status. If the auto-approval option is enabled, the invitation will not be in the Waiting status, and you will not have the option to approve or reject it.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await approveBy(portico, 'itself');
        await invite(owner, 'ines@lumen.test');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
        await expect(clock(page, 'ines@lumen.test')).toHaveCount(0);
    });

    test('In the ACTIONS column, click clock icon and select one of the options: ACCEPT to confirm, DENY to reject or CANCEL.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'one@lumen.test', 'Ona One');
        await registered(portico, owner, 'two@lumen.test', 'Tuva Two');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await clock(page, 'one@lumen.test').click();
        await page.getByRole('link', { name: 'CANCEL' }).click();
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await expect(row(page, 'one@lumen.test')).toContainText('Waiting');
        await clock(page, 'one@lumen.test').click();
        await page.getByRole('button', { name: 'ACCEPT' }).click();
        await told(page, 'Registration approved.');
        await clock(page, 'two@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        await expect(row(page, 'one@lumen.test')).toContainText('Approved');
        await expect(row(page, 'two@lumen.test')).toContainText('Rejected');
    });
});

// Beyond the source: what the page does besides.

test('several at once, with and without script', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    for (const name of ['one', 'two', 'three', 'four']) await invite(owner, `${name}@lumen.test`);
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await expect(page.getByText('4 selected')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Select four@lumen.test' }).uncheck();
    await page.getByRole('checkbox', { name: 'Select three@lumen.test' }).uncheck();
    await look(page, 'invitations-selected');
    await page.getByRole('button', { name: 'Resend…' }).click();
    const resend = page.getByRole('dialog', { name: 'Resend 2 invitations?' });
    await expect(resend).toContainText('one@lumen.test');
    await look(page, 'invitations-resend');
    await resend.getByRole('button', { name: 'Resend 2 invitations' }).click();
    await told(page, '2 invitations were successfully sent.');
    await expect(row(page, 'Inactivated')).toHaveCount(2);

    const plain = await person({ at: portico, as: owner, javaScriptEnabled: false });
    await plain.goto('/invitations');
    await plain.getByRole('checkbox', { name: 'Select three@lumen.test' }).check();
    await plain.getByRole('checkbox', { name: 'Select four@lumen.test' }).check();
    await plain.getByRole('button', { name: 'Delete…' }).click();
    await plain.getByRole('button', { name: 'Delete 2 invitations' }).click();
    await expect(plain.getByText('2 invitations were deleted.')).toBeVisible();
    await expect(row(plain, 'three@lumen.test')).toHaveCount(0);
});

test('an invitation has its own page, which follows what happens', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('link', { name: 'ines@lumen.test', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'ines@lumen.test', level: 1 })).toBeVisible();
    const steps = page.locator('.timeline').getByRole('listitem');
    await expect(steps.first()).toContainText('by Otto Owner');
    await expect(steps.last()).toContainText('Registration completed');
    await look(page, 'invitation');
    await page.getByRole('link', { name: 'Review pending invitation for ines@lumen.test' }).click();
    await page.getByRole('button', { name: 'ACCEPT' }).click();
    await told(page, 'Registration approved.');
    await ready(page);
    await expect(steps.last()).toContainText('Registration accepted');
});

test('the list as a file', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    for (const email of ['ines@lumen.test', 'lars@hansa.test']) await invite(owner, email);
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations?q=hansa');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^invitations-\d{4}-\d\d-\d\d\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('lars@hansa.test');
});
