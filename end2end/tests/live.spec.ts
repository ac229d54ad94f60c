// Open pages follow what others change, and say when they cannot.
import { invite, makeOwner, makeUser } from '../support/http.ts';
import { expect, gone, open, test } from '../support/test.ts';

test('a page says that it is offline, and recovers without a reload', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [gone] });
    await open(page, '/invitations');
    await page.evaluate(() => (document.body.dataset.same = 'page'));
    const offline = page.getByText('Offline. Trying to reach the server…');
    await expect(offline).toBeHidden();
    await portico.stop();
    await expect(offline).toBeVisible();
    await portico.start();
    await invite(owner, 'ines@lumen.test');
    await expect(offline).toBeHidden({ timeout: 30_000 });
    await expect(page.getByRole('row').filter({ hasText: 'ines@lumen.test' }), 'what was missed').toBeVisible();
    await expect(page.locator('body')).toHaveAttribute('data-same', 'page');

    await portico.kill9();
    await expect(offline).toBeVisible();
    await portico.start();
    await expect(offline).toBeHidden({ timeout: 30_000 });
    await expect(page.locator('body')).toHaveAttribute('data-same', 'page');
});

test('what one admin does, another sees', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const admin = await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    const one = await person({ at: portico, as: owner });
    const other = await person({ at: portico, as: admin });
    await open(other, '/users');
    await open(one, '/users');
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    await expect(one.getByRole('row').filter({ hasText: 'Mara Member' })).toBeVisible();
    await expect(other.getByRole('row').filter({ hasText: 'Mara Member' })).toBeVisible();

    // Rights, too: an administrator who becomes a member keeps no button.
    await one.getByRole('link', { name: 'Edit Adam Admin' }).click();
    await one.getByRole('link', { name: 'Edit Administrator' }).click();
    await one.getByLabel('Role').selectOption({ label: 'Member' });
    await one.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByRole('link', { name: 'Invite user' })).toHaveCount(0);
    await expect(other.getByText("Sorry, you don't have permission to use this feature.")).toBeVisible();
});
