// Roles: made from a template, ticked, saved, held, compared, and deleted by moving who holds them.
import { makeOwner, makeUser, invite } from '../support/http.ts';
import { expect, failed, open, test, told, toast, type Page } from '../support/test.ts';

const unused = /\.wasm was preloaded using link preload but not used/;
const cell = (page: Page, name: string) => page.getByRole('checkbox', { name, exact: true });

/** A box of the matrix is as small as its cell shows it: its label is what one presses. */
async function tick(page: Page, name: string): Promise<void> {
    await page.locator('label.cell').filter({ has: cell(page, name) }).click();
}

test('a role from a template: made, changed with who gains and loses, held, deleted by moving', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/');
    await page.getByRole('link', { name: 'Roles' }).click();
    await page.getByRole('link', { name: 'New Role' }).click();
    await page.getByRole('link', { name: 'Finance (team)' }).click();
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Finance (team)');
    await expect(page.getByRole('heading', { name: 'Configure the permissions for the role' })).toBeVisible();
    await expect(page.getByLabel('Level for Billing')).toHaveValue('4');
    await expect(cell(page, 'Analytics and usage reports: Download')).toBeChecked();
    await page.getByLabel('Name', { exact: true }).fill('Accountants');
    await tick(page, 'Audit: View');
    await page.getByLabel('Level for Documentation').selectOption({ label: 'View' });
    await page.getByRole('button', { name: 'Save the role' }).click();
    await told(page, 'Role created.');
    await expect(page.getByRole('heading', { name: 'Accountants', level: 1 })).toBeVisible();
    await expect(page.getByText('Nobody holds it, no invitation names it.')).toBeVisible();
    const address = new URL(page.url()).pathname;
    const key = address.split('/').pop()!;

    const zofia = await makeUser(owner, 'zofia@kestrel.test', 'Zofia Wiśniewska', key);
    await expect(page.getByText('1 user holds it, no invitation names it.'), 'news of others').toBeVisible();
    const holds = await person({ at: portico, as: zofia });
    await open(holds, '/');
    await expect(holds.getByRole('link', { name: 'Roles' })).toHaveCount(0);

    await tick(page, 'Billing: Download');
    await expect(cell(page, 'Billing: Download, taken away, not saved')).not.toBeChecked();
    await tick(page, 'Team management: View');
    const aside = page.getByRole('complementary', { name: 'Who gains, who loses' });
    await expect(aside.getByText('1 loses something')).toBeVisible();
    await expect(aside.getByText('1 gains something')).toBeVisible();
    // Somebody else's news take nothing of it away.
    await invite(owner, 'ines@lumen.test', key);
    await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    await expect(page.getByText('1 user holds it, 1 invitation names it.')).toBeVisible();
    await page.getByRole('button', { name: 'Save 2 changes' }).click();
    await told(page, 'Role saved.');
    await expect(holds.getByRole('link', { name: 'Roles' }), 'without a reload').toBeVisible();

    await page.getByRole('link', { name: 'Accountants' }).click();
    await page.getByRole('link', { name: 'Delete role Accountants' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the role Accountants?' });
    await expect(dialog.getByText('1 user holds it: Zofia Wiśniewska.')).toBeVisible();
    await expect(dialog.getByText('1 invitation names it.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Delete role' }).click();
    await expect(dialog.getByText('Choose one of the list.')).toBeVisible();
    await dialog.getByLabel('Move all of them to').selectOption({ label: 'Member' });
    await expect(dialog.getByText('1 loses something')).toBeVisible();
    await dialog.getByRole('button', { name: 'Delete role' }).click();
    await told(page, 'Role deleted.');
    await expect(page.getByRole('link', { name: 'Accountants' })).toHaveCount(0);
    await expect(holds.getByRole('link', { name: 'Roles' }), 'gone at once').toHaveCount(0);
});

test('without script: a role is made, previewed, saved and deleted', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, javaScriptEnabled: false, expected: [failed(422), unused] });
    await page.goto('/roles');
    await page.getByRole('link', { name: 'New Role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('visitor');
    await tick(page, 'Billing: View');
    await page.getByRole('button', { name: 'Save the role' }).click();
    await expect(page.getByText('There is already one of this name. Choose another.')).toBeVisible();
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('visitor');
    await expect(cell(page, 'Billing: View, added, not saved'), 'what was ticked stays').toBeChecked();
    await page.getByLabel('Name', { exact: true }).fill('Clerk');
    await page.getByRole('button', { name: 'Save the role' }).click();
    await expect(toast(page, 'Role created.')).toBeVisible();
    const key = new URL(page.url()).pathname.split('/').pop()!;

    await makeUser(owner, 'zofia@kestrel.test', 'Zofia', key);
    await page.reload();
    await tick(page, 'Billing: View');
    await page.getByRole('button', { name: 'Show who gains and loses' }).click();
    await expect(page.getByText('1 loses something')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save 1 change' })).toBeVisible();
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await expect(toast(page, 'Role saved.')).toBeVisible();
    await page.getByRole('link', { name: 'Clerk' }).click();
    await expect(cell(page, 'Billing: View')).not.toBeChecked();

    await page.getByRole('link', { name: 'Delete role Clerk' }).click();
    await page.getByLabel('Move all of them to').selectOption({ label: 'Visitor' });
    await page.getByRole('dialog').getByRole('button', { name: 'Show who gains and loses' }).click();
    await expect(page.getByRole('dialog').getByText('1 gains something')).toBeVisible();
    await expect(page.getByLabel('Move all of them to')).toHaveValue('visitor');
    await page.getByRole('button', { name: 'Delete role' }).click();
    await expect(toast(page, 'Role deleted.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Clerk' })).toHaveCount(0);
});

test('roles are compared, and taken away as a file', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/roles');
    await page.getByRole('link', { name: 'Compare roles' }).click();
    await expect(page.getByText('No role is chosen yet')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Administrator' }).check();
    await page.getByRole('checkbox', { name: 'Visitor' }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page).toHaveURL(/\/roles\/compare\?role=administrator&role=visitor$/);
    const row = page.getByRole('row', { name: 'Invite Teammates' });
    await expect(row.getByRole('cell')).toHaveText(['Yes', 'No']);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    expect((await download).suggestedFilename()).toBe('roles.csv');
});
