// Settings and plans: features of one's own, regions and the switch between them, and what a plan withholds.
import { invite, makeOwner, makeUser } from '../support/http.ts';
import { axe, expect, failed, open, ready, test, told } from '../support/test.ts';

test('a feature of one\'s own is added, edited and deleted', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await expect(page).toHaveURL(/\/settings\/features$/);
    await expect(page.getByRole('table', { name: 'Your own' })).toContainText('Media library');
    await expect(page.getByRole('table', { name: 'Built in' })).toContainText('/api/v1/billing');

    await page.getByRole('link', { name: 'Add feature' }).click();
    const drawer = page.getByRole('dialog', { name: 'Add feature' });
    await drawer.getByLabel('Name').fill('Media library');
    await drawer.getByRole('checkbox', { name: 'Delete' }).uncheck();
    await drawer.getByRole('button', { name: 'Add' }).click();
    await expect(drawer.getByText('There is already one of this name.')).toBeVisible();
    await expect(drawer.getByRole('checkbox', { name: 'Delete' })).not.toBeChecked();
    await drawer.getByLabel('Name').fill('Map tiles');
    await drawer.getByLabel('Enforced by').fill('The tile server');
    await drawer.getByRole('button', { name: 'Add' }).click();
    await told(page, 'Feature created.');
    const row = page.getByRole('row').filter({ hasText: 'map-tiles' });
    await expect(row).toContainText('The tile server');
    await expect(row).toContainText('View, Create, Update, Download');

    await row.getByRole('link', { name: 'Edit Map tiles' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit Map tiles' });
    await expect(edit.getByRole('checkbox', { name: 'Delete' })).not.toBeChecked();
    await edit.getByLabel('Name').fill('Tiles');
    await edit.getByRole('button', { name: 'Save' }).click();
    await told(page, 'Feature saved.');
    await row.getByRole('link', { name: 'Delete Tiles' }).click();
    const gone = page.getByRole('dialog', { name: 'Delete Tiles?' });
    await expect(gone).toContainText('No custom role and no person names it');
    await gone.getByRole('button', { name: 'Delete feature' }).click();
    await told(page, 'Feature deleted.');
    await expect(row).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false]) {
    test(`a second region brings the switch, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner, javaScriptEnabled });
        const go = async (address: string): Promise<void> => {
            await page.goto(address);
            if (javaScriptEnabled) await ready(page);
        };
        const chooser = page.getByRole('button', { name: /^Region: / });
        await go('/settings/regions');
        await expect(chooser).toHaveCount(0);
        await page.getByRole('link', { name: 'Add region' }).click();
        await page.getByRole('dialog').getByLabel('Name').fill('US East');
        await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
        await expect(page.getByText('Region created.')).toBeVisible();
        await expect(page.getByRole('row').filter({ hasText: 'us-east' })).toBeVisible();
        await expect(chooser, 'the session follows').toHaveAccessibleName('Region: All regions');
        await go('/users?q=otto');
        await chooser.click();
        await page.getByRole('button', { name: 'US East' }).click();
        await expect(chooser).toHaveAccessibleName('Region: US East');
        await expect(page).toHaveURL(/\/users\?q=otto$/);
        await go('/');
        await expect(chooser, 'it is kept').toHaveAccessibleName('Region: US East');
        await chooser.click();
        await page.getByRole('button', { name: 'All regions' }).click();
        await expect(chooser).toHaveAccessibleName('Region: All regions');
        await go('/settings/regions?delete=us-east');
        await page.getByRole('button', { name: 'Delete region' }).click();
        await expect(page.getByText('Region deleted.')).toBeVisible();
        await expect(chooser).toHaveCount(0);
    });
}

test('a region that appears elsewhere appears in an open console, on a phone too', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const admin = await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    const watches = await person({ at: portico, as: admin, viewport: { width: 390, height: 844 }, hasTouch: true });
    await open(watches, '/users');
    const page = await person({ at: portico, as: owner });
    await open(page, '/settings/regions?add=1');
    await page.getByRole('dialog').getByLabel('Name').fill('EU');
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await told(page, 'Region created.');
    await expect(watches.getByRole('banner').getByText('All regions')).toBeVisible();
    await watches.getByRole('button', { name: 'Open navigation' }).click();
    await watches.getByRole('button', { name: 'Region: All regions' }).click();
    await watches.screenshot({ path: 'screenshots/region-switch-390-light.png' });
    await watches.getByRole('button', { name: 'EU' }).click();
    await expect(watches.getByRole('banner').getByText('EU')).toBeVisible();
    await expect(watches).toHaveURL(/\/users$/);
});

test('a plan without invitations says so', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, as: owner });
    await open(page, '/users?invite=1');
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await expect(drawer.getByLabel('Email')).toBeVisible();
    expect(await portico.command(['plan', 'set', 'free'])).toContain('Portico is on Free, with room for 5 teammates.');
    await expect(drawer.getByText('Invitations come with Pro and Enterprise.'), 'an open console follows').toBeVisible();
    await expect(drawer.getByLabel('Email')).toHaveCount(0);
    await axe(page);
    await drawer.getByRole('link', { name: 'See plans' }).click();
    await expect(page.getByRole('heading', { name: 'Billing', level: 1 })).toBeVisible();
    await expect(page.getByRole('meter', { name: 'Seats' })).toHaveAttribute('aria-valuenow', '2');
    await open(page, '/invitations');
    await page.getByRole('link', { name: 'Resend invitation to ines@lumen.test' }).click();
    await expect(page.getByRole('dialog').getByText('This workspace is on Free')).toBeVisible();

    const key = await portico.command(['key', 'create', '--name', 'edge']);
    expect(key).toMatch(/^[a-z2-7]{8}\.[\w-]{43}\n$/);
    expect(await portico.command(['key', 'list'])).toMatch(/^[0-9a-f-]{36} {2}\d{4}-\d\d-\d\d {2}edge\n$/);
    await expect(portico.command(['plan', 'set', 'pro', '--seats', '80'])).rejects.toThrow('comes with Enterprise');
    expect(await portico.command(['plan', 'set', 'enterprise', '--seats', '80'])).toContain('room for 80 teammates');
});
