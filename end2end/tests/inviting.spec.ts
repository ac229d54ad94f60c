// The invite drawer, line by line as the seeds tell it.
import { type Account, capturedLink, complete, makeOwner, PASSWORD } from '../support/http.ts';
import { axe, expect, failed, open, test, toast, told, type Page } from '../support/test.ts';

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** Users, with the drawer open. */
async function users(page: Page) {
    await open(page, '/users');
    await page.getByRole('link', { name: 'Invite user' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await expect(drawer.getByLabel('Email addresses')).toBeFocused();
    return drawer;
}

/** A group to invite to. */
async function group(owner: Account, name: string): Promise<void> {
    expect((await owner.browser.post('/groups?new=1', 'create-group', { name })).status).toBe(303);
}

test('002: Click Invite Users to open the right-side drawer where new users can be added.', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    const drawer = await users(page);
    const box = (await drawer.boundingBox())!;
    expect(Math.round(box.x + box.width), 'at the right').toBe(1440);
    await expect(drawer.getByText('49 of 50 seats are free.')).toBeVisible();
    await axe(page);
});

test('002: Enter the user’s email address. Select a role. Send the invitation.', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    const drawer = await users(page);
    await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
    await expect(drawer.getByLabel('Role')).toHaveValue('member');
    await drawer.getByLabel('Role').selectOption({ label: 'Visitor' });
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, 'Invitation was successfully sent.');
    await expect(drawer).toBeHidden();
    await open(page, '/invitations');
    await expect(row(page, 'ines@lumen.test')).toContainText('Visitor');
    await capturedLink(portico, 'ines@lumen.test');
});

test('002: Optionally assign the user to one or more groups.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await group(owner, 'Port operators');
    const page = await person({ at: portico, as: owner });
    const drawer = await users(page);
    await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
    await drawer.getByLabel('Groups', { exact: true }).fill('Port operators;');
    await expect(drawer.getByRole('checkbox', { name: 'Port operators' })).toBeChecked();
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, 'Invitation was successfully sent.');
    await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Invitee');
    await open(page, '/groups');
    await page.getByRole('link', { name: 'Port operators' }).click();
    await expect(page.getByText('Ines Invitee')).toBeVisible();
});

test('002: Click Add Another to invite multiple users.', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    const drawer = await users(page);
    await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
    await drawer.getByRole('button', { name: 'Add Another' }).click();
    const second = drawer.getByRole('group', { name: 'Invitation 2' });
    await expect(second.getByLabel('Email addresses')).toBeFocused();
    await second.getByLabel('Email addresses').fill('rosa@lumen.test;');
    await second.getByLabel('Role').selectOption({ label: 'Visitor' });
    await drawer.getByRole('button', { name: 'Add Another' }).click();
    await drawer.getByRole('button', { name: 'Remove invitation 3' }).click();
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, '2 invitations were sent.');
    await open(page, '/invitations');
    await expect(row(page, 'ines@lumen.test')).toContainText('Member');
    await expect(row(page, 'rosa@lumen.test')).toContainText('Visitor');
});

test('many addresses: each has its verdict, what is good is sent, what is not stays', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico), expected: [failed(422)] });
    const drawer = await users(page);
    const field = drawer.getByLabel('Email addresses');
    await field.fill('Ines Invitee <ines@lumen.test>; rosa@lumen.test, nobody; otto@kestrel.test\n');
    const chips = drawer.getByRole('list', { name: 'Addresses' }).getByRole('listitem');
    await expect(chips).toHaveCount(4);
    await expect(field).toHaveValue('');
    await expect(drawer.getByText('2 addresses')).toBeVisible();
    await expect(drawer.getByText('An address looks like name@company.test.')).toBeVisible();
    await expect(drawer.getByText('This address already has an account here.')).toBeVisible();
    await expect(drawer.getByText('2 will be invited, 2 will not.')).toBeVisible();
    await axe(page);
    await field.fill('late@lumen.test');
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, '3 invitations were sent.');
    await expect(drawer).toBeVisible();
    await expect(chips).toHaveCount(2);
    await drawer.getByRole('button', { name: 'Remove nobody' }).click();
    await drawer.getByRole('button', { name: 'Remove otto@kestrel.test' }).click();
    await field.fill('INES@lumen.test;');
    await expect(drawer.getByText('This address already has an open invitation.')).toBeVisible();
    await drawer.getByRole('button', { name: 'Resend invitation to INES@lumen.test' }).click();
    await told(page, 'Invitation was successfully sent.');
    await expect(chips).toHaveCount(0);
});

test('without script: Add Another, and what is left stays with its reason', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, javaScriptEnabled: false, expected: [failed(422)] });
    await page.goto('/users?invite=1');
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await drawer.getByLabel('Email addresses').fill('ines@lumen.test; nobody');
    await drawer.getByRole('button', { name: 'Add Another' }).click();
    await expect(drawer.getByLabel('Email addresses').first()).toHaveValue('ines@lumen.test; nobody');
    await drawer.getByLabel('Email addresses').nth(1).fill('rosa@lumen.test');
    await drawer.getByRole('button', { name: 'Send' }).click();
    await expect(drawer.getByLabel('Email addresses')).toHaveValue('nobody');
    await expect(drawer.getByText('An address looks like name@company.test.')).toBeVisible();
    await drawer.getByLabel('Email addresses').fill('late@lumen.test');
    await drawer.getByRole('button', { name: 'Send' }).click();
    await expect(toast(page, 'Invitation was successfully sent.')).toBeVisible();
    await page.goto('/invitations');
    for (const email of ['ines@lumen.test', 'rosa@lumen.test', 'late@lumen.test']) await expect(row(page, email)).toHaveCount(1);
});

test('002: Click Invite Customers. Enter the email address. Enter the Customer ID. Click Add Another. Send the invitation.', async ({
    serve,
    person,
}) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    await open(page, '/customers');
    await page.getByRole('link', { name: 'Invite Customers' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite Customers' });
    await drawer.getByLabel('Email addresses').fill('lars@hansa.test;');
    await drawer.getByLabel('Customer ID').fill('HANSA-7');
    await expect(drawer.getByText('No API has this Customer ID.'), 'an exact match').toBeVisible();
    await drawer.getByRole('button', { name: 'Add Another' }).click();
    const second = drawer.getByRole('group', { name: 'Invitation 2' });
    await second.getByLabel('Email addresses').fill('zofia@hansa.test;');
    await second.getByLabel('Customer ID').fill('HANSA-8');
    await axe(page);
    await drawer.getByRole('button', { name: 'Send' }).click();
    await told(page, '2 invitations were sent.');
    await complete(portico, await capturedLink(portico, 'lars@hansa.test'), 'Lars Bjerregaard');
    await expect(row(page, 'Lars Bjerregaard')).toContainText('HANSA-7');
});

test('003: How to Add a Teammate', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    await open(page, '/users');
    await page.getByRole('button', { name: 'More ways to add people' }).click();
    await page.getByRole('link', { name: 'Add Teammate' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite Users' });
    await drawer.getByLabel('Email addresses').fill('ines@lumen.test');
    await drawer.getByLabel('Full name').fill('Ines Caetano');
    await drawer.getByText('Permissions').click();
    await drawer.getByRole('checkbox', { name: /^Billing/ }).check();
    await drawer.getByRole('button', { name: 'Send Invitation' }).click();
    await told(page, 'Invitation was successfully sent.');
    const invitee = await person({ at: portico });
    await open(invitee, new URL(await capturedLink(portico, 'ines@lumen.test')).pathname);
    await expect(invitee.getByLabel('Full name')).toHaveValue('Ines Caetano');
    await invitee.getByLabel('Mobile number').fill('+4512345678');
    await invitee.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await invitee.getByLabel('Confirm password').fill(PASSWORD);
    await invitee.getByRole('button', { name: 'Create account' }).click();
    await expect(row(page, 'Ines Caetano'), 'active immediately').toContainText('Enabled');
});

test('001: Notify User, pending activation and Resend Activation Email', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, as: await makeOwner(portico) });
    await open(page, '/customers');
    await page.getByRole('link', { name: 'New customer' }).click();
    const drawer = page.getByRole('dialog', { name: 'New customer' });
    await drawer.getByLabel('Full name').fill('Lars Bjerregaard');
    await drawer.getByLabel('Email').fill('lars@hansa.test');
    await drawer.getByLabel('Customer ID').fill('HANSA-7');
    await expect(drawer.getByRole('checkbox', { name: 'Notify User' })).toBeChecked();
    await drawer.getByRole('checkbox', { name: 'Notify User' }).uncheck();
    await drawer.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('heading', { name: 'Lars Bjerregaard' })).toBeVisible();
    await open(page, '/customers');
    await expect(row(page, 'Lars Bjerregaard')).toContainText('Pending activation');
    await page.getByRole('button', { name: 'Actions for Lars Bjerregaard' }).click();
    await page.getByRole('button', { name: 'Resend Activation Email' }).click();
    await told(page, 'Invitation was successfully sent.');
    await complete(portico, await capturedLink(portico, 'lars@hansa.test'), 'Lars Bjerregaard');
    await expect(row(page, 'Lars Bjerregaard')).toContainText('Enabled');
    await expect(page.getByRole('button', { name: 'Actions for Lars Bjerregaard' })).toHaveCount(0);
});
