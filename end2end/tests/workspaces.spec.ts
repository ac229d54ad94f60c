// Two workspaces on one server: nothing of one is seen in the other.
import { makeOwner, makeUser, PASSWORD } from '../support/http.ts';
import { expect, failed, open, test } from '../support/test.ts';

test('nothing of one workspace is seen in the other', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const printed = await portico.command(['workspace', 'create', '--host', 'two.localhost', '--name', 'Second House']);
    const link = printed.match(/http\S+\/owner\/\S+/)![0];
    expect(new URL(link).host).toBe(`two.localhost:${portico.port}`);

    const expected = [failed(401), failed(403), failed(404)];
    const other = await person({ at: portico, baseURL: `http://two.localhost:${portico.port}`, expected });
    await open(other, link.replace('two.localhost', 'localhost'));
    await expect(other.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
    await open(other, link);
    await expect(other.getByText('Second House has no owner yet.')).toBeVisible();
    await other.getByLabel('Full name').fill('Sela Second');
    // The same address may have an account in both.
    await other.getByLabel('Email').fill(owner.email);
    await other.getByLabel('Password', { exact: true }).fill('Second-2026!');
    await other.getByLabel('Confirm password').fill('Second-2026!');
    await other.getByRole('button', { name: 'Create owner' }).click();
    await expect(other.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
    await open(other, '/users');
    await expect(other.locator('tbody').getByRole('row')).toHaveCount(1);
    await expect(other.locator('tbody')).toContainText('Sela Second');
    for (const address of ['/', '/users', '/invitations', '/outbox', '/users?q=mara']) {
        await open(other, address);
        const text = await other.locator('body').innerText();
        expect(text, address).not.toMatch(/mara|otto owner/i);
    }

    // Addresses of the first, asked of the second.
    const first = await person({ at: portico, as: owner });
    await open(first, '/users');
    const user = (await first.getByRole('link', { name: 'Edit Mara Member' }).getAttribute('href'))!;
    await open(first, '/outbox');
    const mail = (await first.getByRole('link', { name: /^Read/ }).first().getAttribute('href'))!;
    const found = await other.goto(user);
    expect(found?.status()).toBe(404);
    await open(other, mail);
    await expect(other.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();

    // A session and a password of the first open nothing in the second.
    const stranger = await person({ at: portico, baseURL: `http://two.localhost:${portico.port}`, expected });
    const { name, value } = owner.browser.session;
    await stranger.context().addCookies([{ name, value, url: `http://two.localhost:${portico.port}` }]);
    await open(stranger, '/users');
    await expect(stranger).toHaveURL(/\/sign-in\?next=/);
    await stranger.getByLabel('Email').fill(owner.email);
    await stranger.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await expect(stranger.getByRole('alert')).toHaveText('This address and password do not open an account here.');
    await stranger.getByLabel('Password', { exact: true }).fill('Second-2026!');
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await expect(stranger.getByText('People with their own sign-in to Second House.')).toBeVisible();
});
