// Invite by Link, each line of seed 002, and what a link is beyond it.
import { sql } from '../support/database.ts';
import { type Account, capturedLink, complete, makeOwner, signIn } from '../support/http.ts';
import type { Portico } from '../support/portico.ts';
import { read } from '../support/qr.ts';
import { expect, failed, look, open, type Page, test, told } from '../support/test.ts';

const unused = /\.wasm was preloaded using link preload but not used/;
const plain = { javaScriptEnabled: false, expected: [failed(404), failed(422), unused] };

/** Makes a group by hand. */
async function group(owner: Account, name: string): Promise<void> {
    const { status } = await owner.browser.post('/groups?new=1', 'create-group', { name });
    expect(status).toBe(303);
}

/** Generates a link to the preselected role on a page that shows the form, and reads it off. */
async function generate(page: Page): Promise<string> {
    const drawer = page.getByRole('dialog', { name: 'Invite by Link' });
    await drawer.getByRole('button', { name: 'Generate Link' }).click();
    await expect(drawer.getByText('The link is ready.')).toBeVisible();
    return drawer.getByRole('textbox', { name: 'Invitation link' }).inputValue();
}

/** Nothing of a link stands where it could be read later. */
async function isNowhere(portico: Portico, page: Page, link: string): Promise<void> {
    const secret = link.split('.').pop()!;
    expect(page.url()).not.toContain(secret);
    expect(JSON.stringify(await page.context().cookies())).not.toContain(secret);
    expect(portico.output + portico.errors).not.toContain(secret);
}

test('002: Open the Invite by Link tab in the drawer.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('link', { name: 'Invitation links' }).click();
    await expect(page.getByRole('heading', { name: 'Invitation links', level: 1 })).toBeVisible();
    await expect(page.getByText('No links yet')).toBeVisible();
    await look(page, 'links-none');
    await page.getByRole('link', { name: 'Generate Link' }).click();
    await expect(page.getByRole('dialog', { name: 'Invite by Link' })).toBeVisible();
    await look(page, 'links-new');
});

test('002: Select the role users will receive.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/links?new=1');
    const role = page.getByRole('dialog').getByLabel('Role');
    await expect(role, 'Member is preselected').toHaveValue('member');
    await role.selectOption({ label: 'Visitor' });
    const link = await generate(page);
    const guest = await person({ at: portico });
    await open(guest, link);
    await expect(guest.getByText(/^Visitor at /)).toBeVisible();
});

test('002: Optionally select a group.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await group(owner, 'Port partners');
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/users/links?new=1');
    const drawer = page.getByRole('dialog', { name: 'Invite by Link' });
    const groups = drawer.getByLabel('Groups (optional)');
    await groups.fill('No such group');
    await drawer.getByRole('button', { name: 'Generate Link' }).click();
    await expect(drawer.getByText('This names somebody or something that is not here.')).toBeVisible();
    await groups.fill('Port partners');
    const link = await generate(page);
    const guest = await person({ at: portico });
    await open(guest, link);
    await guest.getByLabel('Email').fill('ines@lumen.test');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Ivory');
    await open(page, '/groups');
    await page.getByRole('link', { name: 'Port partners' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'Ines Ivory' })).toBeVisible();
});

test('002: Click Generate Link.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/users/links?new=1');
    const drawer = page.getByRole('dialog', { name: 'Invite by Link' });
    await drawer.getByLabel('How many may join by it').fill('many');
    await drawer.getByRole('button', { name: 'Generate Link' }).click();
    await expect(drawer.getByText('Write a whole number from 1 to 10000')).toBeVisible();
    await drawer.getByLabel('How many may join by it').fill('3');
    const link = await generate(page);
    expect(new URL(link).pathname).toMatch(/^\/join\/[a-z2-7]{8}\.[\w-]{43}$/);
    await look(page, 'links-shown');
    expect(await read(drawer.getByRole('img', { name: 'QR code of the invitation link' }))).toBe(link);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await drawer.getByRole('button', { name: 'Copy' }).click();
    await expect(drawer.getByText('Copied.')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    await isNowhere(portico, page, link);
    await drawer.getByRole('link', { name: 'Done' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'Member' })).toContainText('0 of 3');
    await expect(page.getByRole('textbox', { name: 'Invitation link' }), 'is not shown again').toHaveCount(0);
    await open(page, '/users/links?new=1');
    await expect(page.getByRole('button', { name: 'Generate Link' })).toBeVisible();
    expect(await page.content()).not.toContain('/join/');
});

test('002: Share the link.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/links?new=1');
    const link = await generate(page);
    await page.getByRole('link', { name: 'Done' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Member' });
    await expect(row).toContainText('Nobody came yet');

    const guest = await person({ at: portico, expected: [failed(422), failed(404)] });
    await open(guest, link);
    await expect(guest.getByText('Otto Owner invites you')).toBeVisible();
    await guest.getByLabel('Email').fill('ines@lumen');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest.getByText('The part after @ needs a dot')).toBeVisible();
    await look(guest, 'join');
    await guest.getByLabel('Email').fill('ines@lumen.test');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    await expect(guest).toHaveURL(`${portico.url}/join`);
    await look(guest, 'joined');

    await expect(row, 'without a reload').toContainText('1 person came');
    await row.getByText('1 person came').click();
    await expect(row.getByRole('link', { name: 'ines@lumen.test' })).toBeVisible();
    const browser = await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Ivory');
    expect((await signIn(browser, 'ines@lumen.test')).status).toBe(303);
    await look(page, 'links');

    await row.getByRole('link', { name: 'Switch off the link to Member' }).click();
    const dialog = page.getByRole('dialog', { name: 'Switch off the link to Member?' });
    await look(page, 'links-end');
    await dialog.getByRole('button', { name: 'Switch off' }).click();
    await told(page, 'Link switched off.');
    await expect(row).toContainText('Off');
    await open(guest, link);
    await expect(guest.getByText('This link does not work any more.')).toBeVisible();
    await look(guest, 'join-dead');
    await isNowhere(portico, page, link);
});

test('002: The invitation link expires after 24 hours.', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users/links?new=1');
    await expect(page.getByLabel('The link works for')).toHaveValue('24');
    const link = await generate(page);
    const [row] = await sql(
        portico.databaseUrl,
        `select extract(epoch from valid_until - made_at)::int as seconds from invite_links`,
    );
    expect(row).toEqual({ seconds: 24 * 3600 });
    const guest = await person({ at: portico, expected: [failed(404)] });
    await open(guest, link);
    await expect(guest.getByText('The link works until')).toBeVisible();
    await sql(portico.databaseUrl, `update invite_links set valid_until = now()`);
    await open(guest, link);
    await expect(guest.getByText('This link does not work any more.')).toBeVisible();
    await open(page, '/users/links');
    await expect(page.getByRole('row').filter({ hasText: 'Member' })).toContainText('Expired');
});

test('002: Invite Customers by link, with the Customer ID', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/customers/links?new=1');
    const drawer = page.getByRole('dialog', { name: 'Invite by Link' });
    await drawer.getByRole('button', { name: 'Generate Link' }).click();
    await expect(drawer.getByText('Please fill this in.')).toBeVisible();
    await look(page, 'links-new-customer');
    await drawer.getByLabel('Customer ID').fill('PL-GDN-00417');
    const link = await generate(page);
    const guest = await person({ at: portico });
    await open(guest, link);
    await guest.getByLabel('Email').fill('carl@gdansk.test');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    await complete(portico, await capturedLink(portico, 'carl@gdansk.test'), 'Carl Customer');
    await open(page, '/customers');
    await expect(page.getByRole('row').filter({ hasText: 'Carl Customer' })).toContainText('PL-GDN-00417');
});

test('without script: a link, a join, and its end', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await group(owner, 'Port partners');
    const page = await person({ at: portico, as: owner, ...plain });
    await page.goto('/users/links?new=1');
    const drawer = page.getByRole('dialog', { name: 'Invite by Link' });
    await drawer.getByLabel('Role').selectOption({ label: 'Visitor' });
    await drawer.getByLabel('Only addresses at').fill('not a domain');
    await drawer.getByRole('button', { name: 'Generate Link' }).click();
    await expect(drawer.getByText('A domain is the part after the @ alone')).toBeVisible();
    await expect(drawer.getByLabel('Role'), 'what was chosen is kept').toHaveValue('visitor');
    await drawer.getByLabel('Only addresses at').fill('lumen.test');
    await drawer.getByLabel('Groups (optional)').fill('Port partners');
    const link = await generate(page);
    expect(await read(drawer.getByRole('img', { name: 'QR code of the invitation link' }))).toBe(link);
    await expect(drawer.getByRole('button', { name: 'Copy' }), 'would do nothing').toHaveCount(0);
    await isNowhere(portico, page, link);

    const guest = await person({ at: portico, ...plain });
    await guest.goto(link);
    await expect(guest.getByText('This link is for addresses at lumen.test.')).toBeVisible();
    await guest.getByLabel('Email').fill('ines@elsewhere.test');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest.getByText('Addresses of this domain are not invited here.')).toBeVisible();
    await expect(guest.getByLabel('Email')).toHaveValue('ines@elsewhere.test');
    await guest.getByLabel('Email').fill('ines@lumen.test');
    await guest.getByRole('button', { name: 'Send me the invitation' }).click();
    await expect(guest).toHaveURL(`${portico.url}/join`);
    await expect(guest.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    const setup = await capturedLink(portico, 'ines@lumen.test');

    await page.goto('/users/links');
    await expect(page.getByRole('row').filter({ hasText: 'Port partners' })).toContainText('Only @lumen.test');
    await page.getByRole('link', { name: 'Switch off the link to Visitor' }).click();
    await page.getByLabel('Withdraw the open invitation too').check();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await expect(page.getByText('1 open invitation was withdrawn.')).toBeVisible();
    await guest.goto(link);
    await expect(guest.getByText('This link does not work any more.')).toBeVisible();
    await guest.goto(setup);
    await expect(guest.getByRole('button', { name: 'Create account' })).toHaveCount(0);
});
