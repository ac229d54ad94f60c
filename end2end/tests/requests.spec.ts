// Whoever is refused asks; whoever may give it decides; the page that was refused opens by itself.
import { makeOwner, makeUser } from '../support/http.ts';
import { expect, failed, look, open, test, told } from '../support/test.ts';

const REFUSED =
    "Sorry, you don't have permission to use this feature. If access is required, please reach out to your team administrator.";

test('refused, asked, approved until a date, and the open page gets it', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const asks = await person({ at: portico, as: visitor, expected: [failed(403), failed(422)] });
    // A Visitor views everything, and decides nothing.
    await open(asks, '/access-requests');
    await expect(asks.getByRole('alert')).toHaveText(REFUSED);
    await look(asks, 'refused-request');
    const waiting = await asks.context().newPage();
    await open(waiting, '/access-requests');
    await waiting.evaluate(() => (document.body.dataset.same = 'page'));

    await asks.getByRole('link', { name: 'Request access' }).click();
    await expect(asks.getByRole('heading', { name: 'Request access', level: 1 })).toBeVisible();
    await expect(asks.getByText('Update on Team management')).toBeVisible();
    const other = asks.getByLabel('Number of days', { exact: true });
    await expect(other).toBeHidden();
    await asks.getByRole('button', { name: 'Send request' }).click();
    await expect(asks.getByText('Please fill this in.')).toBeVisible();
    await expect(asks.getByLabel('What do you need it for?')).toBeFocused();
    await asks.getByLabel('What do you need it for?').fill('I stand in for <Otto>\nin December.');
    await asks.getByLabel('Another number of days').check();
    await other.fill('40');
    await look(asks, 'request-new');
    await asks.getByRole('button', { name: 'Send request' }).click();
    await told(asks, 'Request sent.');
    await expect(asks).toHaveURL(/\/access-requests\/mine$/);
    const mine = asks.getByRole('row').filter({ hasText: 'Update on Team management' });
    await expect(mine).toContainText('Open');
    await look(asks, 'requests-mine');

    const decides = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(decides, '/');
    const link = decides.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Access requests/ });
    await expect(link).toContainText('1');
    await link.click();
    await expect(decides.getByRole('row').filter({ hasText: 'Vito Visitor' })).toContainText('40 days');
    await look(decides, 'requests');
    await decides.getByRole('link', { name: 'Decide the request of Vito Visitor' }).click();
    await expect(decides.getByText('1 gains something')).toBeVisible();
    await expect(decides.getByText('I stand in for <Otto>')).toBeVisible();
    await decides.getByLabel('Until a date').check();
    await decides.getByLabel('Last day').fill('2020-01-01');
    await decides.getByRole('button', { name: 'Approve' }).click();
    await expect(decides.getByText('This day has passed. Choose a later one.')).toBeVisible();
    await look(decides, 'request-decide');
    const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    await decides.getByLabel('Last day').fill(day);
    await decides.getByRole('button', { name: 'Approve' }).click();
    await told(decides, 'Request approved.');
    await expect(decides.getByText('Nobody asks for anything')).toBeVisible();
    await expect(link).not.toContainText('1');

    await expect(mine, 'without a reload').toContainText('Approved');
    await expect(waiting.getByRole('heading', { name: 'Access requests', level: 1 })).toBeVisible();
    await expect(waiting.locator('body')).toHaveAttribute('data-same', 'page');
    await open(decides, '/access-requests?status=approved');
    await decides.getByRole('link', { name: 'Decide the request of Vito Visitor' }).click();
    await expect(decides.getByText('Decided by Otto Owner')).toBeVisible();
    await expect(decides.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await look(decides, 'request-decided');
});

test('asking and denying without script', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const asks = await person({ at: portico, as: visitor, javaScriptEnabled: false, expected: [failed(403), failed(422)] });
    await asks.goto('/access-requests');
    await expect(asks.getByRole('alert')).toHaveText(REFUSED);
    await asks.getByRole('link', { name: 'Request access' }).click();
    await asks.getByLabel('What do you need it for?').fill('For <December>');
    await asks.getByLabel('Another number of days').check();
    await asks.getByRole('button', { name: 'Send request' }).click();
    await expect(asks.getByText('Choose from 1 to 3650 days')).toBeVisible();
    await expect(asks.getByLabel('What do you need it for?')).toHaveValue('For <December>');
    await expect(asks.getByLabel('Another number of days')).toBeChecked();
    await asks.getByLabel('Number of days', { exact: true }).fill('3');
    await asks.getByRole('button', { name: 'Send request' }).click();
    await expect(asks.getByText('Request sent.')).toBeVisible();

    const decides = await person({ at: portico, as: owner, javaScriptEnabled: false, expected: [failed(422)] });
    await decides.goto('/access-requests');
    await decides.getByRole('link', { name: 'Decide the request of Vito Visitor' }).click();
    await decides.getByRole('button', { name: 'Deny' }).click();
    await expect(decides.getByText('Please fill this in.')).toBeVisible();
    await decides.getByLabel('Why not?').fill('Otto is back.');
    await decides.getByRole('button', { name: 'Deny' }).click();
    await expect(decides.getByText('Request denied.')).toBeVisible();
    await asks.goto('/access-requests/mine');
    await expect(asks.getByText('Otto is back.')).toBeVisible();
});

test('who is told that it was decided', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const admin = await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const form = '/access-requests/new?action=update&feature=team';
    const fields = { action: 'update', feature: 'team', region: '', reason: 'December', days: '7', other: '' };
    expect((await visitor.browser.post(form, 'request-access', fields)).status).toBe(303);
    const one = await person({ at: portico, as: owner });
    const other = await person({ at: portico, as: admin, expected: [failed(409)] });
    for (const page of [one, other]) {
        await open(page, '/access-requests');
        await page.getByRole('link', { name: 'Decide the request of Vito Visitor' }).click();
        await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
    }
    await one.getByRole('button', { name: 'Approve' }).click();
    await told(one, 'Request approved.');
    await other.getByLabel('Why not?').fill('Not now.');
    await other.getByRole('button', { name: 'Deny' }).click();
    await expect(other.getByText('This request was decided by somebody else in the meantime.')).toBeVisible();
    await expect(other.getByLabel('Why not?')).toHaveValue('Not now.');
});
