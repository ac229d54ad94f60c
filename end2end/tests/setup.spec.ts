// The set-up page and its dead ends, and Settings > Invitations; with script and without.
import { sql } from '../support/database.ts';
import { capturedLink, complete, invite, makeOwner, PASSWORD } from '../support/http.ts';
import type { Portico } from '../support/portico.ts';
import { axe, expect, failed, look, open, test, toast, told, type Page } from '../support/test.ts';

// Without script nobody uses the WASM that the page has fetched ahead.
const unused = /\.wasm was preloaded using link preload but not used/;

// What Chromium says when Playwright itself looks into the frame of a mail, which may run no script.
const inspected = /^Blocked script execution in '(\S+\/preview|about:blank)' because the document's frame is sandboxed/;

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

async function go(page: Page, address: string, script: boolean): Promise<void> {
    if (script) await open(page, address);
    else await page.goto(address);
}

const expire = (portico: Portico, email: string) =>
    sql(portico.databaseUrl, `update invitations set valid_until = now() where email_key = $1`, [email]);

const asked = async (portico: Portico): Promise<number> => {
    const rows = await sql(portico.databaseUrl, `select 1 from messages where subject like '%asks for a new invitation link'`);
    return rows.length;
};

for (const script of [true, false]) {
    const how = script ? 'with script' : 'without script';
    const options = {
        ...(script ? {} : { javaScriptEnabled: false }),
        expected: [failed(404), failed(409), failed(422), unused],
    };

    test(`${how}: each dead end leads somewhere`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, ...options });

        await invite(owner, 'used@lumen.test');
        const used = await capturedLink(portico, 'used@lumen.test');
        await complete(portico, used, 'Ursula Used');
        await go(page, used, script);
        await expect(heading(page, 'This invitation is completed')).toBeVisible();
        await expect(page.getByText('used@lumen.test')).toHaveCount(0);
        await expect(page.getByRole('button', { name: 'Send me a new link' })).toHaveCount(0);
        if (script) await axe(page);
        await page.getByRole('link', { name: 'Go to sign-in' }).click();
        await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();

        await invite(owner, 'late@lumen.test');
        const late = await capturedLink(portico, 'late@lumen.test');
        await expire(portico, 'late@lumen.test');
        const unknown = late.slice(0, -4) + (late.endsWith('AAAA') ? 'EEEE' : 'AAAA');
        for (const link of [unknown, late]) {
            await go(page, link, script);
            await expect(heading(page, 'This link does not work')).toBeVisible();
            await page.getByRole('button', { name: 'Send me a new link' }).click();
            await expect(page.getByText('We asked. If this address can be invited, a mail comes.').first()).toBeVisible();
            await expect(heading(page, 'This link does not work')).toBeVisible();
        }
        expect(await asked(portico), 'of the one that was real').toBe(1);
        await go(page, late, script);
        await page.getByRole('button', { name: 'Send me a new link' }).click();
        await expect(page.getByText('We asked.').first()).toBeVisible();
        expect(await asked(portico), 'once an hour').toBe(1);

        await sql(portico.databaseUrl, `update workspaces set auto_approval = false`);
        await invite(owner, 'waits@lumen.test');
        const waits = await capturedLink(portico, 'waits@lumen.test');
        await complete(portico, waits, 'Wanda Waits');
        await go(page, waits, script);
        await expect(heading(page, 'Your registration waits for approval')).toBeVisible();
        await page.getByRole('link', { name: 'Go to sign-in' }).click();
        await page.getByLabel('Email').fill('waits@lumen.test');
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert')).toContainText('Your registration waits for approval.');
    });

    test(`${how}: signed in as somebody else, both are named, and one can switch`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const link = await capturedLink(portico, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner, ...options });
        await go(page, '/setup/nothing', script);
        await expect(page.getByText('You are signed in as otto@kestrel.test.')).toBeVisible();
        await expect(page.getByRole('link', { name: 'Go to Dashboard' })).toBeVisible();
        await go(page, link, script);
        const banner = page.getByText('You are signed in as otto@kestrel.test, and this invitation is for ines@lumen.test.');
        await expect(banner).toBeVisible();
        if (script) await axe(page);
        await page.getByRole('button', { name: 'Sign out' }).click();
        await expect(page).toHaveURL(link);
        await expect(banner).toHaveCount(0);
        await expect(page.getByLabel('Email')).toHaveValue('ines@lumen.test');
    });

    test(`${how}: the settings of invitations are kept, card by card`, async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        const page = await person({ at: portico, as: owner, ...options, expected: [...options.expected, inspected] });
        const card = (name: string) => page.getByRole('region', { name });
        await go(page, '/settings/regions', script);
        await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Invitations' }).click();
        await expect(page).toHaveURL(/\/settings\/invitations$/);
        if (script) await look(page, 'settings-invitations');
        const lengths = card('How long links work');
        await expect(lengths.getByLabel('Invitations by mail', { exact: true })).toHaveValue('72');
        await lengths.getByLabel('Invitations by mail', { exact: true }).fill('91');
        await lengths.getByLabel('Unit of: Invitations by mail').selectOption('days');
        await lengths.getByLabel(/^Reminder/).fill('12');
        await lengths.getByRole('button', { name: 'Save' }).click();
        await expect(lengths.getByText('Choose a whole number, from 1 hour to 90 days.')).toBeVisible();
        await expect(lengths.getByLabel('Invitations by mail', { exact: true })).toHaveValue('91');
        await lengths.getByLabel('Invitations by mail', { exact: true }).fill('7');
        // What is typed on one card is not lost when another one is kept; without script each is posted by itself.
        if (script) await card('Sender').getByLabel('Sender name').fill('Kestrel');
        await lengths.getByRole('button', { name: 'Save' }).click();
        await expect(toast(page, 'Settings saved.')).toBeVisible();
        if (script) await expect(card('Sender').getByLabel('Sender name')).toHaveValue('Kestrel');
        else await card('Sender').getByLabel('Sender name').fill('Kestrel');
        await card('Sender').getByRole('button', { name: 'Save' }).click();
        await expect(toast(page, 'Settings saved.').last()).toBeVisible();
        await go(page, '/settings/invitations', script);
        await expect(lengths.getByLabel('Invitations by mail', { exact: true })).toHaveValue('7');
        await expect(lengths.getByLabel('Unit of: Invitations by mail')).toHaveValue('days');
        await expect(lengths.getByLabel(/^Reminder/)).toHaveValue('12');
        await expect(card('Sender').getByLabel('Sender name')).toHaveValue('Kestrel');
        await card('Allowed mail domains').getByLabel('Domains, one per line').fill('lumen.test\nnonsense');
        await card('Allowed mail domains').getByRole('button', { name: 'Save' }).click();
        await expect(page.getByText('A domain is the part after the @ alone')).toBeVisible();
        if (script) await axe(page);

        await page.getByRole('link', { name: 'Edit the mail Invitation' }).click();
        const drawer = page.getByRole('dialog', { name: 'Invitation' });
        const frame = page.frameLocator('iframe[name="mail-preview"]');
        await expect(frame.getByRole('heading')).toContainText('Otto Owner invites you');
        if (script) await look(page, 'settings-mail');
        await drawer.getByLabel('Subject').fill('{inviter} opens the door');
        await drawer.getByRole('button', { name: 'Preview' }).click();
        await expect(frame.getByRole('heading')).toHaveText('Otto Owner opens the door');
        await drawer.getByRole('button', { name: 'Save' }).click();
        await expect(toast(page, 'Settings saved.').last()).toBeVisible();
        await drawer.getByRole('button', { name: 'Send me a test' }).click();
        await expect(toast(page, 'The test is on its way.')).toBeVisible();
        const [mail] = await sql(portico.databaseUrl, `select subject, to_address, from_name from messages`);
        expect(mail).toEqual({ subject: 'Otto Owner opens the door', to_address: 'otto@kestrel.test', from_name: 'Kestrel' });
    });
}

test('each rule ticks off as one types, and only a person opens the link', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const link = await capturedLink(portico, 'ines@lumen.test');
    await sql(portico.databaseUrl, `update workspaces set mobile_required = true`);
    const opened = () => sql(portico.databaseUrl, `select 1 from invitations where opened_at is not null`);
    const page = await person({ at: portico, expected: [failed(422)], timezoneId: 'Asia/Kolkata' });
    await open(page, link);
    expect(await opened(), 'reading it changes nothing').toHaveLength(0);
    await expect(page.locator('.ends')).toContainText('UTC+5:30');
    const rules = page.getByRole('list', { name: 'Password rules' }).getByRole('listitem');
    await expect(rules.filter({ hasText: ', not yet' })).toHaveCount(6);
    const noted = page.waitForResponse((answer) => answer.url().includes('/api/note-opened'));
    const password = page.getByLabel('Password', { exact: true });
    for (const [typed, left] of [
        ['a', 5],
        ['aB', 4],
        ['aB1', 3],
        ['aB1!', 2],
        ['aB1!aB1!aB1!', 1],
    ] as const) {
        await password.fill(typed);
        await expect(rules.filter({ hasText: ', not yet' })).toHaveCount(left);
    }
    await noted;
    expect(await opened()).toHaveLength(1);
    await page.getByLabel('Confirm password').fill('aB1!aB1!aB1!');
    await expect(rules.filter({ hasText: ', not yet' })).toHaveCount(0);
    await expect(page.getByText('Still missing: your full name, your mobile number.')).toBeVisible();
    await page.getByLabel('Full name').fill('Ines Invitee');
    await page.getByLabel('Mobile number').fill('+999 1234 5678');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByText('Write it with its country code, as in +45 12 34 56 78.')).toBeVisible();
    await page.getByLabel('Mobile number').fill('+45 12 34 56 78');
    await expect(page.getByText('Everything is there.')).toBeVisible();
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByText('Your account is ready.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'LOGIN' })).toHaveAttribute('aria-current', 'page');
});

test('the sign-in screen is readable on every colour', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const page = await person({ at: portico, as: owner });
    const stranger = await person({ at: portico, expected: [failed(404)] });
    await open(page, '/settings/invitations');
    const card = page.getByRole('region', { name: 'Sign-in screen' });
    for (const [colour, said] of [
        ['#000000', 'white'],
        ['#ffffff', 'black'],
        ['#ffff00', 'black'],
        ['#767676', 'black'],
        ['#0000ff', 'white'],
    ] as const) {
        await card.getByLabel('Background colour').fill(colour);
        await expect(card.getByRole('status')).toContainText(`Text on it is ${said}`);
        await expect(card.getByRole('img', { name: 'Preview of the sign-in screen' }).locator('rect').first()).toHaveAttribute('fill', colour);
        await card.getByRole('button', { name: 'Save' }).click();
        await told(page, 'Settings saved.');
        for (const address of ['/sign-in', '/sign-in?tab=create', '/setup/nothing']) {
            await open(stranger, address);
            await axe(stranger);
        }
    }
    await card.getByLabel('Pick a colour').fill('#14424b');
    await expect(card.getByLabel('Background colour')).toHaveValue('#14424b');
});
