// Source 004, "Invitations", line by line: each test has the words of the line it stands for. Its statuses are in
// seed-004-statuses.spec.ts.
import { sql } from '../support/database.ts';
import { capturedLink, complete, invite, makeOwner, PASSWORD, signIn } from '../support/http.ts';
import { bin, clock, envelope, registered, row, runOut } from '../support/invitations.ts';
import { linkIn } from '../support/mail.ts';
import { expect, failed, look, open, test, told } from '../support/test.ts';

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
        for (const head of ['Email', 'Invited at', 'Valid until', 'Status', 'Actions', 'Role', 'Delivery']) {
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
