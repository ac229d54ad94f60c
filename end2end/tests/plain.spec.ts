// Everything without script: pages are whole, forms post, links lead, and a mistake costs nothing that was typed.
import { capturedLink, complete, invite, makeOwner, makeUser, PASSWORD } from '../support/http.ts';
import { expect, failed, test, toast, type Page } from '../support/test.ts';

// Without script nobody uses the WASM that the page has fetched ahead.
const unused = /\.wasm was preloaded using link preload but not used/;
const expected = [failed(401), failed(404), failed(409), failed(422), unused];
const plain = { javaScriptEnabled: false, expected };

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

test('without script: the owner sets up, signs out and in', async ({ serve, person }) => {
    const portico = await serve();
    const page = await person({ at: portico, ...plain });
    await page.goto(await portico.ownerLink());
    await page.getByLabel('Full name').fill('Otto Owner');
    await page.getByLabel('Email').fill('otto@kestrel');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create owner' }).click();
    await expect(page.getByText('The part after @ needs a dot, as in kestrel.test.')).toBeVisible();
    await expect(page.getByText('The password does not fulfil every rule yet.')).toBeVisible();
    await expect(page.getByLabel('Full name')).toHaveValue('Otto Owner');
    await expect(page.getByLabel('Email')).toHaveValue('otto@kestrel');
    await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Password', { exact: true }), 'a password is never sent back').toHaveValue('');

    await page.getByLabel('Email').fill('otto@kestrel.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create owner' }).click();
    await expect(page).toHaveURL(`${portico.url}/`);
    await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
    await expect(toast(page, 'Your workspace is ready.')).toBeVisible();
    await page.reload();
    await expect(toast(page, 'Your workspace is ready.'), 'is said once').toHaveCount(0);

    await page.getByRole('button', { name: 'Your menu, Otto Owner' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await expect(toast(page, 'You are signed out.')).toBeVisible();
    await page.goto('/invitations?status=pending');
    await expect(page).toHaveURL(/\/sign-in\?next=/);

    await page.getByLabel('Email').fill('otto@kestrel.test');
    for (const wrong of ['Wrong-2026-no!', 'Wrong-2026-again!']) {
        await page.getByLabel('Password', { exact: true }).fill(wrong);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert')).toHaveText('This address and password do not open an account here.');
        await expect(page.getByLabel('Email')).toHaveValue('otto@kestrel.test');
        await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
    }
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page, 'where one was going').toHaveURL(/\/invitations\?status=pending$/);

    await page.goto('/sign-in');
    await expect(page, 'who is signed in is led on').toHaveURL(`${portico.url}/`);
});

test('without script: an invitation, sent, refused, resent and deleted', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner, ...plain });
    await page.goto('/users');
    await page.getByRole('link', { name: 'Invite user' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await drawer.getByLabel('Email').fill('ines@lumen');
    await drawer.getByLabel('Role').selectOption({ label: 'Visitor' });
    await drawer.getByRole('button', { name: 'Send' }).click();
    await expect(drawer.getByText('The part after @ needs a dot')).toBeVisible();
    await expect(drawer.getByLabel('Email')).toHaveValue('ines@lumen');
    await expect(drawer.getByLabel('Role')).toHaveValue('visitor');
    await expect(drawer.getByLabel('Email')).toHaveAccessibleDescription(/needs a dot/);
    await drawer.getByLabel('Email').fill('ines@lumen.test');
    await drawer.getByRole('button', { name: 'Send' }).click();
    await expect(page).toHaveURL(/\/users$/);
    await expect(toast(page, 'Invitation was successfully sent.')).toBeVisible();

    await page.getByRole('link', { name: 'Invite user' }).click();
    await drawer.getByLabel('Email').fill('INES@lumen.test');
    await drawer.getByRole('button', { name: 'Send' }).click();
    await expect(drawer.getByText('This address already has an open invitation.')).toBeVisible();
    await drawer.getByRole('link', { name: 'Resend it' }).click();
    await expect(row(page, 'ines@lumen.test')).toContainText('Visitor');

    const first = await capturedLink(portico, 'ines@lumen.test');
    await page.getByRole('button', { name: 'Resend invitation to ines@lumen.test' }).click();
    await expect(toast(page, 'Invitation was successfully sent.')).toBeVisible();
    await expect(row(page, 'ines@lumen.test').filter({ hasText: 'Inactivated' })).toHaveCount(1);
    const invitee = await person({ at: portico, ...plain });
    await invitee.goto(first);
    await expect(invitee.getByRole('heading', { name: 'This link does not work' })).toBeVisible();

    await page.getByRole('link', { name: 'Delete invitation to ines@lumen.test' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the invitation to ines@lumen.test?' });
    await dialog.getByRole('link', { name: 'Keep invitation' }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole('link', { name: 'Delete invitation to ines@lumen.test' }).click();
    await dialog.getByRole('button', { name: 'Delete invitation' }).click();
    await expect(toast(page, 'Invitation deleted.')).toBeVisible();
    await expect(row(page, 'Pending')).toHaveCount(0);
});

test('without script: an account is set up', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, ...plain });
    await page.goto(await capturedLink(portico, 'ines@lumen.test'));
    await expect(page.getByText('Otto Owner invites you')).toBeVisible();
    const button = page.getByRole('button', { name: 'Create account' });
    await button.click();
    await expect(page.getByText('Please fill this in.').first()).toBeVisible();
    await page.getByLabel('Full name').fill('Ines Invitee');
    await page.getByLabel('Mobile number').fill('12 34');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill('Another-2026');
    await button.click();
    await expect(page.getByText('The two passwords are not the same yet.')).toBeVisible();
    await expect(page.getByText('Write it with its country code').last()).toBeVisible();
    await expect(page.getByLabel('Full name')).toHaveValue('Ines Invitee');
    await expect(page.getByLabel('Mobile number')).toHaveValue('12 34');
    await expect(page.getByLabel('Email')).toHaveValue('ines@lumen.test');
    await page.getByLabel('Mobile number').fill('+45 12 34 56 78');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await button.click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await expect(toast(page, 'Your account is ready.')).toBeVisible();
    await page.getByLabel('Email').fill('ines@lumen.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Nothing has been given to you yet' })).toBeVisible();
});

test('without script: a user is changed, disabled and removed', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const member = await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner, ...plain });
    await page.goto('/users');
    await page.getByRole('link', { name: 'Edit Mara Member' }).click();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByLabel('Full name').fill(' ');
    await page.getByLabel('State').selectOption({ label: 'Disabled' });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Please fill this in.')).toBeVisible();
    await expect(page.getByLabel('State')).toHaveValue('disabled');
    expect((await member.browser.get('/')).status, 'nothing is changed yet').toBe(200);
    await page.getByLabel('Full name').fill('Mara Moved');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page).toHaveURL(/\/users$/);
    await expect(toast(page, 'Changes saved.')).toBeVisible();
    await expect(row(page, 'Mara Moved')).toContainText('Disabled');
    expect((await member.browser.get('/')).location).toBe('/sign-in');

    await page.getByRole('link', { name: 'Edit Mara Moved' }).click();
    await page.getByRole('link', { name: 'Remove Mara Moved' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Mara Moved?' });
    await dialog.getByRole('link', { name: 'Keep user' }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole('link', { name: 'Remove Mara Moved' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(toast(page, 'User removed.')).toBeVisible();
    await expect(row(page, 'Mara')).toHaveCount(0);
});

test('without script: lists are searched, filtered, sorted and paged', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const names = Array.from({ length: 30 }, (_, index) => `guest${String(index).padStart(2, '0')}@lumen.test`);
    await Promise.all(names.map((name) => invite(owner, name)));
    await complete(portico, await capturedLink(portico, names[0]!), 'First Guest');
    const page = await person({ at: portico, as: owner, ...plain });
    await page.goto('/invitations');
    const rows = page.locator('tbody').getByRole('row');
    await expect(rows).toHaveCount(25);
    await expect(page.getByText('25 of 30')).toBeVisible();
    await page.getByRole('link', { name: 'Email' }).click();
    await expect(page.getByRole('columnheader', { name: 'Email' })).toHaveAttribute('aria-sort', 'ascending');
    await expect(rows.first()).toContainText('guest00@');
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(rows).toHaveCount(5);
    await expect(rows.first()).toContainText('guest25@');
    await page.getByRole('link', { name: 'Previous' }).click();
    await expect(rows.first()).toContainText('guest00@');
    await expect(rows).toHaveCount(25);

    const search = page.getByRole('searchbox');
    await search.fill('GUEST1');
    await page.getByRole('button', { name: 'SEARCH' }).click();
    await expect(page).toHaveURL(/q=GUEST1/);
    await expect(rows).toHaveCount(10);
    await expect(search).toHaveValue('GUEST1');
    await expect(rows.first(), 'the order stays').toContainText('guest10@');
    for (const literal of ['%%%', 'gue_t1', '***']) {
        await search.fill(literal);
        await page.getByRole('button', { name: 'SEARCH' }).click();
        await expect(page.getByRole('heading', { level: 2 }).filter({ hasNotText: /People|Access|Workspace/ })).toBeVisible();
        await expect(rows).toHaveCount(0);
    }
    await search.fill('gu');
    await page.getByRole('button', { name: 'SEARCH' }).click();
    await expect(page.getByText('A search begins at three characters.')).toBeVisible();
    await page.getByRole('link', { name: 'Clear' }).click();
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Approved' });
    await page.getByRole('button', { name: 'SEARCH' }).click();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('guest00@');
    await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Pending' }).click();
    await expect(rows).toHaveCount(25);
});

test('without script: the pages of a member and of strangers', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const member = await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: member, javaScriptEnabled: false, expected: [...expected, failed(403)] });
    await page.goto('/');
    await expect(page.getByRole('link', { name: 'otto@kestrel.test' })).toBeVisible();
    const refused = await page.goto('/users');
    expect(refused?.status()).toBe(403);
    await expect(page.getByText("Sorry, you don't have permission to use this feature.")).toBeVisible();
    await expect(page.getByText('Your role Member does not permit View')).toBeVisible();
    const nowhere = await page.goto('/nothing/here');
    expect(nowhere?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();

    const stranger = await person({ at: portico, ...plain });
    await stranger.goto('/sign-in');
    await stranger.getByRole('link', { name: 'CREATE AN ACCOUNT' }).click();
    await expect(stranger.getByRole('heading', { name: 'Accounts are made by invitation' })).toBeVisible();
    const dead = await stranger.goto('/setup/nothing');
    expect(dead?.status()).toBe(404);
    await stranger.getByRole('link', { name: 'Go to sign-in' }).click();
    await expect(stranger).toHaveURL(/\/sign-in$/);
});

test('signing in takes HTML and CSS alone, 30 KB of them', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, ...plain });
    const sizes: Promise<[string, number]>[] = [];
    page.on('requestfinished', (request) => {
        if (['document', 'stylesheet'].includes(request.resourceType())) {
            sizes.push(request.sizes().then((size) => [request.url(), size.responseBodySize]));
        }
    });
    await page.goto('/sign-in');
    const got = await Promise.all(sizes);
    expect(got).toHaveLength(2);
    const bytes = got.reduce((sum, [, size]) => sum + size, 0);
    test.info().annotations.push({ type: 'bytes', description: JSON.stringify(got) });
    expect(bytes, JSON.stringify(got)).toBeLessThan(30 * 1024);
    await page.getByLabel('Email').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
});
