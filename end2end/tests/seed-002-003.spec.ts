// What sources 002, 003 and 001 say of inviting people, line by line, where inviting, links and import tests are not named after it.
import { row } from '../support/invitations.ts';
import { type Account, capturedLink, complete, makeOwner, PASSWORD, signIn } from '../support/http.ts';
import { expect, failed, look, open, test, told, type Page } from '../support/test.ts';

/** Makes a group and an API by hand. */
async function group(owner: Account, name: string): Promise<void> {
    expect((await owner.browser.post('/groups?new=1', 'create-group', { name })).status).toBe(303);
}

async function api(page: Page, name: string, customerIds: string): Promise<void> {
    await open(page, '/apis?new=1');
    const drawer = page.getByRole('dialog', { name: 'New API' });
    await drawer.getByLabel('Name', { exact: true }).fill(name);
    await drawer.getByLabel('Customer IDs').fill(customerIds);
    await drawer.getByRole('button', { name: 'Create API' }).click();
    await told(page, 'API created.');
}

test.describe('002', () => {
    for (const [list, button, title] of [
        ['/users', 'Invite user', 'Invite Users'],
        ['/customers', 'Invite Customers', 'Invite Customers'],
    ] as const) {
        test(`You can invite users in three ways: ${title}`, async ({ serve, person }) => {
            const portico = await serve();
            const page = await person({ at: portico, as: await makeOwner(portico) });
            await open(page, list);
            await page.getByRole('link', { name: button }).click();
            const drawer = page.getByRole('dialog', { name: title });
            const ways = drawer.getByRole('navigation', { name: 'How to invite' });
            await expect(ways.getByRole('link', { name: 'Invite by Email' })).toHaveAttribute('aria-current', 'page');
            await expect(drawer.getByLabel('Email addresses')).toBeVisible();
            await look(page, `invite${list.replace('/', '-')}-mail`);
            await ways.getByRole('link', { name: 'Invite by Link' }).click();
            await expect(drawer.getByRole('button', { name: 'Generate Link' })).toBeVisible();
            await look(page, `invite${list.replace('/', '-')}-link`);
            await ways.getByRole('link', { name: 'Bulk Import' }).click();
            await expect(drawer.getByRole('link', { name: 'Download template' })).toBeVisible();
            await look(page, `invite${list.replace('/', '-')}-import`);
            await drawer.getByRole('link', { name: 'Cancel' }).click();
            await expect(drawer).toBeHidden();
            // The menu beside the button leads to each of them, and to what came of them.
            for (const [way, found] of [
                ['Invite by Link', 'Generate Link'],
                ['Bulk Import', 'Check file'],
            ] as const) {
                await page.getByRole('button', { name: 'More ways to add people' }).click();
                await page.getByRole('link', { name: way }).click();
                await expect(drawer.getByRole('button', { name: found })).toBeVisible();
                await page.keyboard.press('Escape');
                await expect(drawer).toBeHidden();
            }
            await page.getByRole('button', { name: 'More ways to add people' }).click();
            await page.getByRole('link', { name: /^Invitation links/ }).click();
            await expect(page.getByText('No links yet')).toBeVisible();
            await open(page, list);
            await page.getByRole('button', { name: 'More ways to add people' }).click();
            await page.getByRole('link', { name: 'Imports' }).click();
            await expect(page.getByText('Nothing was imported yet')).toBeVisible();
        });
    }

    test('what is typed in one way is not thrown away unasked by going to another', async ({ serve, person }) => {
        const portico = await serve();
        const page = await person({ at: portico, as: await makeOwner(portico) });
        await open(page, '/users?invite=1');
        const drawer = page.getByRole('dialog', { name: 'Invite Users' });
        await drawer.getByLabel('Email addresses').fill('ines@lumen.test;');
        await expect(drawer.getByText('1 address')).toBeVisible();
        page.once('dialog', (question) => void question.dismiss());
        await drawer.getByRole('link', { name: 'Invite by Link' }).click();
        await expect(drawer.getByRole('button', { name: 'Remove ines@lumen.test' })).toBeVisible();
        page.once('dialog', (question) => void question.accept());
        await drawer.getByRole('link', { name: 'Invite by Link' }).click();
        await expect(drawer.getByRole('button', { name: 'Generate Link' })).toBeVisible();
    });

    test('The user will receive an email invitation to join the workspace.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const page = await person({ at: portico, as: await makeOwner(portico) });
        await open(page, '/users?invite=1');
        const drawer = page.getByRole('dialog', { name: 'Invite Users' });
        await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
        await drawer.getByLabel('Personal message').fill('See you on the quay.');
        await drawer.getByRole('button', { name: 'Send' }).click();
        await told(page, 'Invitation was successfully sent.');
        const mail = await mails.arrives('ines@lumen.test');
        expect(mail.subject).toContain('Otto Owner');
        for (const part of [mail.text, mail.html]) {
            expect(part).toContain('See you on the quay.');
            expect(part).toContain('Confirm your account');
        }
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test'), 'delivery').toContainText('Sent');
    });

    test('Optionally assign the customer to a group.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await group(owner, 'Port partners');
        const page = await person({ at: portico, as: owner });
        await open(page, '/customers?invite=1');
        const drawer = page.getByRole('dialog', { name: 'Invite Customers' });
        await drawer.getByLabel('Email addresses').fill('lars@hansa.test;');
        await drawer.getByLabel('Customer ID').fill('HANSA-7');
        await drawer.getByLabel('Groups', { exact: true }).fill('Port partners;');
        await expect(drawer.getByRole('checkbox', { name: 'Port partners' })).toBeChecked();
        await drawer.getByRole('button', { name: 'Send' }).click();
        await told(page, 'Invitation was successfully sent.');
        await complete(portico, await capturedLink(portico, 'lars@hansa.test'), 'Lars Bjerregaard');
        await open(page, '/groups');
        await page.getByRole('link', { name: 'Port partners' }).click();
        await expect(page.getByText('Lars Bjerregaard')).toBeVisible();
    });

    test('The Customer ID must exactly match the Customer ID used in your APIs. If the same Customer ID exists across multiple APIs in your workspace, the customer will automatically gain access to all matching APIs.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await api(page, 'Berths', 'HANSA-7; LUMEN-1');
        await api(page, 'Tides', 'HANSA-7');
        await api(page, 'Weather', 'hansa-7');
        await open(page, '/customers?invite=1');
        const drawer = page.getByRole('dialog', { name: 'Invite Customers' });
        await drawer.getByLabel('Email addresses').fill('lars@hansa.test;');
        await drawer.getByLabel('Customer ID').fill('HANSA-7');
        await expect(drawer.getByText('2 APIs match this Customer ID.'), 'an exact match').toBeVisible();
        await drawer.getByRole('button', { name: 'Send' }).click();
        await told(page, 'Invitation was successfully sent.');
        await complete(portico, await capturedLink(portico, 'lars@hansa.test'), 'Lars Bjerregaard');
        for (const [name, has] of [['Berths', 1], ['Tides', 1], ['Weather', 0]] as const) {
            await open(page, '/apis');
            await page.getByRole('link', { name, exact: true }).click();
            await page.getByRole('navigation', { name: 'Who has access' }).getByRole('link', { name: /^Customers/ }).click();
            await expect(page.getByRole('heading', { name: new RegExp(name), level: 1 })).toBeVisible();
            await expect(row(page, 'Lars Bjerregaard'), name).toHaveCount(has);
        }
    });
});

test.describe('003: How to Add a Teammate', () => {
    test('Paid accounts support up to 50 teammates', async ({ serve, person }) => {
        const portico = await serve();
        const page = await person({ at: portico, as: await makeOwner(portico), expected: [failed(422)] });
        await open(page, '/users?invite=teammate');
        const drawer = page.getByRole('dialog', { name: 'Invite Users' });
        await expect(drawer.getByText('49 of 50 seats are free.')).toBeVisible();
        const many = Array.from({ length: 51 }, (_, n) => `t${n}@kestrel.test`).join(';');
        await drawer.getByLabel('Email addresses').fill(`${many};`);
        await expect(drawer.getByText('49 will be invited, 2 will not.')).toBeVisible();
        await drawer.getByRole('button', { name: 'Send Invitation' }).click();
        await told(page, '49 invitations were sent.');
        await expect(drawer.getByRole('list', { name: 'Addresses' }).getByRole('listitem')).toHaveCount(2);
    });

    test('Permissions can be modified anytime by Account Owners or Administrators', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await open(page, '/users?invite=teammate');
        const drawer = page.getByRole('dialog', { name: 'Invite Users' });
        await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
        await drawer.getByLabel('Role', { exact: true }).selectOption({ label: 'Visitor' });
        await drawer.getByRole('button', { name: 'Send Invitation' }).click();
        await told(page, 'Invitation was successfully sent.');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        await open(page, '/users?q=ines');
        await page.getByRole('link', { name: 'Edit Ines Caetano' }).click();
        await page.getByRole('link', { name: 'Edit Visitor' }).click();
        await page.getByLabel('Role').selectOption({ label: 'Member' });
        await page.getByRole('button', { name: 'Save' }).click();
        await open(page, '/users?q=ines');
        await expect(row(page, 'Ines Caetano')).toContainText('Member');
    });

    test('Permissions are region-specific and must be set separately for each region', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner });
        await open(page, '/settings/regions');
        await page.getByRole('link', { name: 'Add region' }).click();
        const region = page.getByRole('dialog');
        await region.getByLabel('Name').fill('EU');
        await region.getByRole('button', { name: 'Add' }).click();
        await told(page, 'Region created.');
        await open(page, '/users?invite=teammate');
        const drawer = page.getByRole('dialog', { name: 'Invite Users' });
        await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
        await drawer.getByText('Permissions').click();
        await drawer.getByLabel('Region', { exact: true }).selectOption({ label: 'EU' });
        await drawer.getByRole('button', { name: 'Send Invitation' }).click();
        await told(page, 'Invitation was successfully sent.');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        await open(page, '/users?q=ines');
        await page.getByRole('link', { name: 'Edit Ines Caetano' }).click();
        await expect(row(page, 'Member')).toContainText('EU');
    });
});

test('001: Add User, Notify User left selected: pending activation, whether the invitation was sent or not', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/organizations?new=1');
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Hansa');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await told(page, 'Organization created.');
    const add = async (name: string, notify: boolean) => {
        await page.getByRole('link', { name: 'Add User' }).click();
        const drawer = page.getByRole('dialog', { name: 'Add a user to Hansa' });
        await drawer.getByLabel('Full name').fill(name);
        await drawer.getByLabel('Email').fill(`${name.toLowerCase()}@hansa.test`);
        await drawer.getByLabel('Role', { exact: true }).selectOption({ label: 'Developer' });
        await expect(drawer.getByRole('checkbox', { name: 'Notify User' })).toBeChecked();
        await drawer.getByRole('checkbox', { name: 'Notify User' }).setChecked(notify);
        await drawer.getByRole('button', { name: 'Create' }).click();
        await told(page, 'User created.');
        await expect(row(page, name)).toContainText('Pending activation');
    };
    await add('Dora', true);
    await add('Emil', false);
    await complete(portico, await capturedLink(portico, 'dora@hansa.test'), 'Dora');
    await expect(row(page, 'Dora'), 'active after the set-up form').not.toContainText('Pending activation');
    await open(page, '/users?kind=organization');
    await page.getByRole('button', { name: 'Actions for Emil' }).click();
    await page.getByRole('button', { name: 'Resend Activation Email' }).click();
    await told(page, 'Invitation was successfully sent.');
    const browser = await complete(portico, await capturedLink(portico, 'emil@hansa.test'), 'Emil');
    expect((await signIn(browser, 'emil@hansa.test')).status).toBe(303);
});

test('004: By the developer themselves: depending on the configuration, the developer may or may not access the portal content immediately. See how to change the pre-approved feature.', async ({
    serve,
    person,
}) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/links?new=1');
    await page.getByRole('button', { name: 'Generate Link' }).click();
    const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue();
    const register = async (email: string, name: string) => {
        const guest = await person({ at: portico });
        await open(guest, link);
        await guest.getByLabel('Email').fill(email);
        await guest.getByRole('button', { name: 'Send me the invitation' }).click();
        await expect(guest.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
        return complete(portico, await capturedLink(portico, email), name);
    };
    const first = await register('ines@lumen.test', 'Ines Caetano');
    expect((await signIn(first, 'ines@lumen.test', PASSWORD)).status, 'at once').toBe(303);

    await open(page, '/settings/invitations');
    const card = page.getByRole('region', { name: 'Registration' });
    await card.getByRole('checkbox', { name: 'Approve registrations automatically' }).uncheck();
    await card.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Settings saved.');
    const second = await register('rosa@lumen.test', 'Rosa Lumen');
    expect((await signIn(second, 'rosa@lumen.test', PASSWORD)).status, 'not yet').not.toBe(303);
    await open(page, '/invitations?status=waiting');
    await page.getByRole('link', { name: 'Review pending invitation for rosa@lumen.test' }).click();
    await page.getByRole('button', { name: 'ACCEPT' }).click();
    await expect(row(page, 'rosa@lumen.test')).toHaveCount(0);
    expect((await signIn(second, 'rosa@lumen.test', PASSWORD)).status, 'when accepted').toBe(303);
});
