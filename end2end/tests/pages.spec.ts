// Every page, wide and narrow, light and dark: pictures, axe, and nothing that sticks out. And the keyboard.
import { sql } from '../support/database.ts';
import { type Account, capturedLink, invite, makeOwner, makeUser } from '../support/http.ts';
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
    await lookAt(page, '/access-requests', 'requests-empty');
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

test('the pages of settings and billing', async ({ serve, person }) => {
    test.slow();
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await lookAt(page, '/settings/features', 'settings-features');
    await lookAt(page, '/settings/features?add=1', 'settings-features-add');
    await page.getByRole('dialog').getByLabel('Name').fill(LONG);
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await expect(page.getByRole('row').filter({ hasText: LONG })).toBeVisible();
    await page.getByRole('link', { name: `Edit ${LONG}` }).click();
    await expect(page.getByRole('dialog').getByLabel('Enforced by')).toBeVisible();
    await look(page, 'settings-features-edit');
    await lookAt(page, '/settings/features?delete=media', 'settings-features-delete');
    await lookAt(page, '/settings/regions', 'settings-regions-one');
    await lookAt(page, '/settings/regions?delete=global', 'settings-regions-last');
    await lookAt(page, '/settings/regions?add=1', 'settings-regions-add');
    await page.getByRole('dialog').getByLabel('Name').fill(LONG);
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
    await expect(page.getByRole('button', { name: 'Region: All regions' })).toBeVisible();
    await look(page, 'settings-regions');
    await lookAt(page, '/settings/regions?delete=global', 'settings-regions-delete');
    await open(page, '/settings/regions');
    await page.getByRole('button', { name: 'Region: All regions' }).click();
    await axe(page);
    await page.screenshot({ path: 'screenshots/region-switch-1440-light.png' });
    await lookAt(page, '/billing', 'billing');
    await portico.command(['plan', 'set', 'free']);
    await lookAt(page, '/users?invite=1', 'invite-on-free');
    await portico.command(['plan', 'set', 'enterprise', '--seats', '1']);
    await lookAt(page, '/billing', 'billing-full');
});

test('the pages of roles', async ({ serve, person }) => {
    test.slow();
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await lookAt(page, '/roles', 'roles');
    await lookAt(page, '/roles?category=customer', 'roles-customer');
    await lookAt(page, '/roles/new?template=developer', 'role-new');
    await page.getByLabel('Name', { exact: true }).fill(LONG);
    await page.getByRole('button', { name: 'Save the role' }).click();
    await expect(page.getByRole('heading', { name: LONG, level: 1 })).toBeVisible();
    const role = new URL(page.url()).pathname;
    const key = role.split('/').pop()!;
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member', key);
    await open(page, role);
    await page.getByLabel('Level for Billing').selectOption({ label: 'View' });
    await expect(page.getByText('1 gains something')).toBeVisible();
    await look(page, 'role-edit');
    await lookAt(page, `${role}?delete=1`, 'role-delete');
    await lookAt(page, '/roles/visitor', 'role-built-in');
    await lookAt(page, '/roles', 'roles-long');
    await lookAt(page, '/roles/compare', 'roles-compare-none');
    await lookAt(page, `/roles/compare?role=administrator&role=visitor&role=${key}`, 'roles-compare');
});

test('the pages of organizations and customers', async ({ serve, person }) => {
    test.slow();
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await lookAt(page, '/organizations', 'organizations-empty');
    await lookAt(page, '/customers', 'customers-empty');
    await lookAt(page, '/organizations?new=1', 'organizations-new');
    await page.getByLabel('Name', { exact: true }).fill(LONG);
    await page.getByLabel('Name in questions').fill('a-name');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('heading', { name: LONG, level: 1 })).toBeVisible();
    await look(page, 'organization-empty');
    const address = new URL(page.url()).pathname;
    await lookAt(page, `${address}?add=1`, 'organization-add-user');
    await page.getByLabel('Full name').fill(`Dora ${LONG}`);
    await page.getByLabel('Email', { exact: true }).fill('dora@hansa.test');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'dora@hansa.test' })).toBeVisible();
    await lookAt(page, address, 'organization');
    await page.getByRole('link', { name: 'Edit Dora' }).click();
    await expect(page.getByLabel('State')).toBeVisible();
    await look(page, 'organization-edit-user');
    await lookAt(page, `${address}?rename=1`, 'organization-rename');
    await lookAt(page, `${address}?delete=1`, 'organization-delete');
    await lookAt(page, '/organizations', 'organizations');
    await lookAt(page, '/customers?new=1', 'customers-new');
    await page.getByLabel('Full name').fill(LONG);
    await page.getByLabel('Email', { exact: true }).fill('lars@hansa.test');
    await page.getByLabel('Customer ID', { exact: true }).fill('HANSA-7');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByRole('heading', { name: LONG, level: 1 })).toBeVisible();
    await sql(
        portico.databaseUrl,
        `with api as (
             insert into apis (workspace_id, id, slug, name)
             select id, gen_random_uuid(), 'tracking', 'Vessel Tracking' from workspaces returning workspace_id, id
         ) insert into api_customer_ids (workspace_id, api_id, customer_id) select workspace_id, id, 'HANSA-7' from api`,
    );
    await lookAt(page, new URL(page.url()).pathname, 'customer');
    await lookAt(page, `${new URL(page.url()).pathname}?remove=1`, 'customer-remove');
    await lookAt(page, '/customers', 'customers');
});

test('the pages of a member and a visitor', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const member = await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const page = await person({ at: portico, as: member, expected: [failed(403)] });
    await lookAt(page, '/', 'dashboard-member');
    await lookAt(page, '/users', 'refused');
    await lookAt(page, '/access-requests/mine', 'requests-mine-empty');
    await lookAt(page, '/access-requests/new?action=view&feature=team', 'request-new-empty');
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

/** An API and a group of long names that lead to each other; their addresses. */
async function withApiAndGroup(owner: Account): Promise<{ api: string; group: string }> {
    await makeUser(owner, 'mara@kestrel.test', LONG, 'visitor');
    const long = 'Dangerous Goods Manifest Validation and Segregation for Container Terminals';
    const fields = { name: long, slug: 'dangerous-goods', category: 'Compliance', customer_ids: 'PL-GDN-00417;NO-AES-11802' };
    const api = (await owner.browser.post('/apis?new=1', 'create-api', fields)).location;
    const people = { name: 'Port operators of the Baltic and the North Sea, day and night shifts', people_text: 'mara@kestrel.test' };
    const group = (await owner.browser.post('/groups?new=1', 'create-group', people)).location;
    const id = group.split('/').pop()!;
    await owner.browser.post(`${group}?status=apis&add=1`, 'add-group-apis', { id, apis_text: 'dangerous-goods', until: '9000-12-31' });
    const access = { id: api.split('/').pop()!, people_text: 'mara@kestrel.test', until: '', back: api };
    await owner.browser.post(`${api}?add=1`, 'add-access', access);
    return { api, group };
}

test('the pages of APIs', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, expected: [failed(404)] });
    await lookAt(page, '/apis', 'apis-empty');
    await lookAt(page, '/apis?new=1', 'api-new');
    const { api } = await withApiAndGroup(owner);
    await lookAt(page, '/apis', 'apis');
    await lookAt(page, '/apis?q=nothing', 'apis-none');
    await lookAt(page, api, 'api');
    for (const what of ['add', 'edit', 'revoke', 'delete']) await lookAt(page, `${api}?${what}=1`, `api-${what}`);
    await lookAt(page, `${api}?status=groups`, 'api-groups');
    await lookAt(page, '/apis/00000000-0000-0000-0000-000000000000', 'api-not-found');
});

test('the pages of groups', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    await lookAt(page, '/groups', 'groups-empty');
    const { group } = await withApiAndGroup(owner);
    await lookAt(page, '/groups', 'groups');
    await lookAt(page, '/groups?new=1', 'group-new');
    await lookAt(page, group, 'group');
    for (const what of ['add', 'edit', 'delete']) await lookAt(page, `${group}?${what}=1`, `group-${what}`);
    await page.goto(group);
    await page.getByRole('link', { name: `Remove ${LONG} from the group` }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(page, 'group-remove');
    await lookAt(page, `${group}?status=apis`, 'group-apis');
    await lookAt(page, `${group}?status=apis&add=1`, 'group-apis-add');
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
    for (let step = 0; step < 16; step++) {
        reached.add(
            await page.evaluate(() => {
                const at = document.activeElement;
                if (!at || at === document.body) return 'the browser';
                return at.closest('dialog') ? (at.getAttribute('aria-label') ?? at.id) || at.textContent! : 'outside';
            }),
        );
        await keyboard.press('Tab');
    }
    expect([...reached]).toEqual(expect.arrayContaining(['rows.0.emails', 'rows.0.role', 'Add Another', 'Cancel', 'Send', 'Close']));
    expect([...reached]).not.toContain('outside');
    await keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await expect(page).toHaveURL(/\/users$/);
    await expect(opener, 'back where one was').toBeFocused();

    await page.getByRole('button', { name: 'Your menu, Otto Owner' }).focus();
    await keyboard.press('ArrowDown');
    await expect(page.getByRole('link', { name: 'Your requests' })).toBeFocused();
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
