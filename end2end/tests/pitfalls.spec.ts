// What goes wrong in portals of this kind.
import { Browser, capturedLink, complete, invite, makeOwner, makeUser, PASSWORD, signIn } from '../support/http.ts';
import { expect, failed, open, ready, test } from '../support/test.ts';

test('a scanner that opens, asks for and submits the link accepts nothing', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const link = await capturedLink(portico, 'ines@lumen.test');
    const path = new URL(link).pathname;
    const scanner = new Browser(portico);
    for (const method of ['HEAD', 'GET', 'GET', 'HEAD']) {
        expect((await scanner.get(path, method)).status, method).toBe(200);
    }
    // As it stands on the page, and with the same made-up word in every empty field.
    const token = path.split('/').pop()!;
    const blank = { token, full_name: '', mobile: '', password: '', again: '' };
    expect((await scanner.post(path, 'complete-setup', blank)).status).toBe(422);
    const filled = { ...blank, full_name: 'test', password: 'test', again: 'test' };
    expect((await scanner.post(path, 'complete-setup', filled)).status).toBe(422);

    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await expect(page.getByRole('row').filter({ hasText: 'ines@lumen.test' })).toContainText('Pending');
    await complete(portico, link, 'Ines Invitee');
    await expect(page.getByRole('row').filter({ hasText: 'ines@lumen.test' })).toContainText('Approved');
    expect((await scanner.get(path)).status, 'a used link says so').toBe(409);
});

test('a link opened while somebody else is signed in names both', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, as: owner, expected: [failed(401)] });
    await open(page, await capturedLink(portico, 'ines@lumen.test'));
    const banner = page.getByText('You are signed in as otto@kestrel.test, and this invitation is for ines@lumen.test.');
    await expect(banner).toBeVisible();
    await page.getByLabel('Full name').fill('Ines Invitee');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByText('Your account is ready.')).toBeVisible();
    await open(page, '/users');
    await expect(page.getByRole('row').filter({ hasText: 'Ines Invitee' }), 'an account of its own').toBeVisible();
    await expect(page.getByRole('button', { name: 'Your menu, Otto Owner' }), 'still the same').toBeVisible();
});

test('after signing in one goes on at an address of ours, or at the dashboard', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const evil = ['//evil.test', '/\\evil.test', 'https://evil.test/', 'javascript:alert(1)', '/%0d%0aLocation:x', ''];
    for (const next of evil.slice(0, 4)) {
        const page = await person({ at: portico });
        await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
        await page.getByLabel('Email').fill(owner.email);
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('heading', { name: 'Dashboard', level: 1 })).toBeVisible();
        await expect(page).toHaveURL(`${portico.url}/`);
        await ready(page);
    }
    for (const next of evil) {
        const browser = new Browser(portico);
        const fields = { email: owner.email, password: PASSWORD, next };
        const { location } = await browser.post('/sign-in', 'sign-in', fields);
        expect(new URL(location, portico.url).origin, next).toBe(portico.url);
        expect(location, next).not.toMatch(/^\/[/\\]|[\r\n]/);
    }
});

test('wrong password, unknown address and disabled account get one answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    await makeUser(owner, 'dora@kestrel.test', 'Dora Disabled');
    const page = await person({ at: portico, as: owner });
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Dora Disabled' }).click();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByLabel('State').selectOption({ label: 'Disabled' });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Changes saved.')).toBeVisible();

    const answers = [];
    for (const [email, password] of [
        ['mara@kestrel.test', 'Wrong-2026-no!'],
        ['nobody@kestrel.test', PASSWORD],
        ['dora@kestrel.test', PASSWORD],
        ['dora@kestrel.test', 'Wrong-2026-no!'],
        ['no address at all', PASSWORD],
    ] as const) {
        const browser = new Browser(portico);
        const { status, text, cookies } = await signIn(browser, email, password);
        // What was typed, and what is random, differ.
        const same = text.replaceAll(email, '…').replace(/nonce="[^"]+"/g, '');
        answers.push({ status, same, cookies: [...cookies.keys()] });
    }
    expect(answers[0]).toMatchObject({ status: 401, cookies: [] });
    expect(answers[0]!.same).toContain('This address and password do not open an account here.');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('a write from another site is refused', async ({ serve }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await owner.browser.get('/users?invite=1');
    const action = page.text.match(/action="(\/api\/invite\d*)"/)![1]!;
    const { name, value } = owner.browser.session;
    const body = new URLSearchParams({ 'form[rows][0][emails]': 'x@lumen.test', 'form[rows][0][role]': 'member', 'form[back]': '/users' });
    const strange: Record<string, string>[] = [
        { origin: 'https://evil.test' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of strange) {
        const answer = await fetch(portico.url + action, {
            method: 'POST',
            body,
            headers: { ...headers, cookie: `${name}=${value}`, accept: 'text/html' },
            redirect: 'manual',
        });
        expect(answer.status, JSON.stringify(headers)).toBe(403);
    }
    expect((await owner.browser.get('/invitations')).text).not.toContain('x@lumen.test');
});

test('portico owner create makes an owner without a browser', async ({ serve, person }) => {
    const portico = await serve();
    const args = ['owner', 'create', '--email', 'cleo@kestrel.test', '--name', 'Cleo Command'];
    await expect(portico.command(args, 'short\n')).rejects.toThrow(/10 to 16 characters/);
    expect(await portico.command(args, `${PASSWORD}\n`)).toContain('Cleo Command is an owner');
    const page = await person({ at: portico, expected: [failed(404)] });
    await open(page, await portico.ownerLink());
    await expect(page.getByRole('heading', { name: 'This link does not work' }), 'the printed link is spent').toBeVisible();
    await page.getByRole('link', { name: 'Go to sign-in' }).click();
    await page.getByLabel('Email').fill('cleo@kestrel.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('button', { name: 'Your menu, Cleo Command' })).toBeVisible();
});
