// Every page, wide and narrow, light and dark: pictures, axe, and nothing that sticks out. And the keyboard.
import { sql } from '../support/database.ts';
import { capturedLink, invite, makeOwner, makeUser } from '../support/http.ts';
import { axe, expect, failed, inspected, look, open, ready, test, type Page } from '../support/test.ts';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Younger of Kestrel';

/** Looks at an address and at what is open on it. */
async function lookAt(page: Page, address: string, name: string): Promise<void> {
    await open(page, address);
    await look(page, name);
}

test('the pages before signing in', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, expected: [failed(404), failed(401), failed(422)] });
    await lookAt(page, await portico.ownerLink(), 'owner');
    const owner = await makeOwner(portico);
    await lookAt(page, '/sign-in', 'sign-in');
    await page.getByLabel('Email').fill('nobody@kestrel.test');
    await page.getByLabel('Password', { exact: true }).fill('Wrong-2026-no!');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await look(page, 'sign-in-refused');
    await lookAt(page, '/sign-in?tab=create', 'create-account');
    await lookAt(page, '/setup/nothing', 'dead-link');
    await lookAt(page, '/owner/nothing', 'dead-owner-link');
    await invite(owner, 'ines@lumen.test');
    await lookAt(page, await capturedLink(portico, 'ines@lumen.test'), 'setup');
    await page.getByLabel('Password', { exact: true }).fill('aB1');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByLabel('Full name')).toHaveAttribute('aria-invalid', 'true');
    await look(page, 'setup-refused');
});

test('the pages of users', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', LONG);
    await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await lookAt(page, '/', 'dashboard');
    await lookAt(page, '/users', 'users');
    await lookAt(page, '/users?invite=1', 'users-invite');
    await page.getByRole('dialog').getByLabel('Email').fill('ines@lumen.test');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText('This address already has an open invitation.')).toBeVisible();
    await look(page, 'users-invite-refused');
    await lookAt(page, '/users?q=nobody', 'users-none');
    await open(page, '/users');
    await page.getByRole('link', { name: `Edit ${LONG}` }).click();
    await look(page, 'user');
    await page.getByRole('link', { name: 'Profile' }).click();
    await expect(page.getByLabel('State')).toBeVisible();
    await look(page, 'user-edit');
    await page.getByRole('link', { name: `Remove ${LONG}` }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(page, 'user-remove');
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Otto Owner' }).click();
    await expect(page.getByText('This is your own account.')).toBeVisible();
    await look(page, 'user-yourself');
});

test('the pages of invitations and mail, and nothing', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(404), inspected] });
    await lookAt(page, '/invitations', 'invitations-empty');
    await lookAt(page, '/outbox', 'outbox-empty');
    for (let guest = 0; guest < 27; guest++) await invite(owner, `guest${guest}@lumen.test`);
    await invite(owner, `${'a-very-long-local-part-of-an-address-'.repeat(2).slice(0, 60)}@lumen.test`, 'visitor');
    await sql(portico.databaseUrl, `update invitations set valid_until = now() where email_key = 'guest25@lumen.test'`);
    await capturedLink(portico, 'guest26@lumen.test');
    await lookAt(page, '/invitations', 'invitations');
    await lookAt(page, '/invitations?status=expired', 'invitations-expired');
    await page.getByRole('link', { name: 'Delete invitation to' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(page, 'invitations-delete');
    await lookAt(page, '/outbox', 'outbox');
    await page.getByRole('link', { name: 'Read the mail to guest26@lumen.test' }).click();
    await expect(page.frameLocator('iframe').getByRole('link', { name: 'Confirm your account' })).toBeVisible();
    await look(page, 'outbox-read');
    await lookAt(page, '/nothing/here', 'not-found');
    await lookAt(page, '/users/00000000-0000-0000-0000-000000000000', 'user-not-found');
});

test('the pages of a member and a visitor', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const member = await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const page = await person({ at: portico, as: member, expected: [failed(403)] });
    await lookAt(page, '/', 'dashboard-member');
    await lookAt(page, '/users', 'refused');
    const sees = await person({ at: portico, as: visitor, expected: [failed(403)] });
    await open(sees, '/users');
    await expect(sees.getByRole('link', { name: 'Edit Mara Member' })).toBeVisible();
    await expect(sees.getByRole('link', { name: 'Invite user' })).toHaveCount(0);
    await look(sees, 'users-visitor');
    await sees.getByRole('link', { name: 'Edit Mara Member' }).click();
    await expect(sees.getByText('You can see this, but not change it.')).toBeVisible();
    await look(sees, 'user-visitor');
});

test('captured mail is read by owners alone', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const admin = await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    await invite(owner, 'ines@lumen.test');
    await capturedLink(portico, 'ines@lumen.test');
    const reads = await person({ at: portico, as: owner, expected: [inspected] });
    await open(reads, '/outbox');
    await expect(reads.getByText('Mail is captured, not sent.')).toBeVisible();
    await expect(reads.getByText('Set PORTICO_SMTP_URL')).toBeVisible();
    await reads.getByRole('link', { name: 'Read the mail to ines@lumen.test' }).click();
    const drawer = reads.getByRole('dialog', { name: 'Otto Owner invites you to Portico' });
    await expect(drawer.locator('pre')).toContainText('/setup/');
    await expect(drawer.frameLocator('iframe').getByRole('link', { name: 'Confirm your account' })).toBeVisible();
    const address = new URL(reads.url());
    const frame = (await drawer.locator('iframe').getAttribute('src'))!;

    const page = await person({ at: portico, as: admin, expected: [failed(404)] });
    await open(page, '/outbox');
    await expect(page.getByText('Only an owner can read captured mail')).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'ines@lumen.test' })).toContainText('Captured');
    await expect(page.getByRole('link', { name: /^Read/ })).toHaveCount(0);
    await page.goto(address.pathname + address.search);
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
    expect(await page.content()).not.toContain('/setup/');
    const answer = await page.request.get(frame);
    expect(answer.status()).toBe(404);
    expect(await answer.text()).not.toContain('/setup/');
});

test('the keyboard alone', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users');
    const { keyboard } = page;

    await keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(page).toHaveURL(/#main$/);
    await keyboard.press('Tab');
    const opener = page.getByRole('link', { name: 'Invite user' });
    await expect(opener, 'the first in the content').toBeFocused();

    await keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await expect(drawer.getByLabel('Email')).toBeFocused();
    await axe(page);
    const reached = new Set<string>();
    for (let step = 0; step < 8; step++) {
        reached.add(
            await page.evaluate(() => {
                const at = document.activeElement;
                if (!at || at === document.body) return 'the browser';
                return at.closest('dialog') ? (at.getAttribute('aria-label') ?? at.id) || at.textContent! : 'outside';
            }),
        );
        await keyboard.press('Tab');
    }
    expect([...reached]).toEqual(expect.arrayContaining(['email', 'role', 'Cancel', 'Send', 'Close']));
    expect([...reached]).not.toContain('outside');
    await keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await expect(page).toHaveURL(/\/users$/);
    await expect(opener, 'back where one was').toBeFocused();

    await page.getByRole('button', { name: 'Your menu, Otto Owner' }).focus();
    await keyboard.press('ArrowDown');
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeFocused();
    await keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Your menu, Otto Owner' })).toBeFocused();
});

test('what was typed is not lost unasked', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await open(page, '/users');
    await page.getByRole('link', { name: 'Invite user' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await drawer.getByLabel('Email').fill('ines@');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
        asked.push(dialog.message());
        void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    await page.keyboard.press('Escape');
    await expect.poll(() => asked.length).toBe(1);
    await expect(drawer).toBeVisible();
    await drawer.getByRole('link', { name: 'Cancel' }).click();
    await expect(drawer).toBeHidden();
    expect(asked).toEqual(Array(2).fill('What you typed is not sent yet. Close and lose it?'));
});

test('on a phone the navigation opens and closes', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, viewport: { width: 390, height: 844 }, hasTouch: true });
    await open(page, '/');
    const users = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' });
    await expect(users).toBeHidden();
    await page.getByRole('button', { name: 'Open navigation' }).click();
    await expect(users).toBeVisible();
    await page.screenshot({ path: 'screenshots/navigation-390-light.png' });
    await users.click();
    await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();
    await expect(users, 'a choice closes it').toBeHidden();
    await ready(page);
});
