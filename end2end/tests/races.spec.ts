// A change that is announced to the page before the answer to the form that made it: either order must do.
import { invite, makeOwner, makeUser } from '../support/http.ts';
import { expect, open, test, told, type Page } from '../support/test.ts';

/** Holds the answer of a server function back until `seen`. */
async function answerAfter(page: Page, name: RegExp, seen: () => Promise<void>): Promise<void> {
    await page.route(name, async (route) => {
        const response = await route.fetch();
        await seen();
        await route.fulfill({ response });
    });
}

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

test('an invitation resent, announced before the answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const [page, other] = [await person({ at: portico, as: owner }), await person({ at: portico, as: owner })];
    await open(page, '/invitations');
    await open(other, '/invitations');
    await answerAfter(page, /\/api\/resend[-_]invitation/, () =>
        expect(row(other, 'ines@lumen.test').filter({ hasText: 'Inactivated' })).toBeVisible(),
    );
    await page.getByRole('button', { name: 'Resend invitation to ines@lumen.test' }).click();
    await told(page, 'Invitation was successfully sent.');
    await expect(row(page, 'ines@lumen.test').filter({ hasText: 'Inactivated' }), 'news are kept').toBeVisible();
});

test('an invitation deleted, announced before the answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const [page, other] = [await person({ at: portico, as: owner }), await person({ at: portico, as: owner })];
    await open(page, '/invitations');
    await open(other, '/invitations');
    await page.getByRole('link', { name: 'Delete invitation to ines@lumen.test' }).click();
    await answerAfter(page, /\/api\/delete[-_]invitation/, () => expect(row(other, 'ines@lumen.test')).toHaveCount(0));
    await page.getByRole('button', { name: 'Delete invitation' }).click();
    await told(page, 'Invitation deleted.');
    await expect(page).toHaveURL(/\/invitations$/);
    await expect(page.locator('main').getByRole('row').filter({ hasText: 'ines@lumen.test' })).toHaveCount(0);
});

test('a user removed, announced before the answer: the page that is left does not ask for them again', async ({
    serve,
    person,
}) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const [page, other] = [await person({ at: portico, as: owner }), await person({ at: portico, as: owner })];
    await open(other, '/users');
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Mara Member' }).click();
    await page.getByRole('link', { name: 'Remove Mara Member' }).click();
    await answerAfter(page, /\/api\/remove[-_]user/, () => expect(row(other, 'Mara Member')).toHaveCount(0));
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await told(page, 'User removed.');
    await expect(page).toHaveURL(/\/users$/);
    await expect(row(page, 'Mara Member')).toHaveCount(0);
});

test('a right taken by others closes the page before it asks again', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const admin = await makeUser(owner, 'adam@kestrel.test', 'Adam Admin', 'administrator');
    const [page, other] = [await person({ at: portico, as: owner }), await person({ at: portico, as: admin })];
    await open(other, '/users');
    await open(page, '/users');
    const asked: string[] = [];
    await page.getByRole('link', { name: 'Edit Adam Admin' }).click();
    await page.getByRole('link', { name: 'Edit Administrator' }).click();
    await page.getByLabel('Role').selectOption({ label: 'Member' });
    other.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByText("Sorry, you don't have permission to use this feature.")).toBeVisible();
    expect(asked, 'the session, and no list').not.toContain('/api/list-users');
});

test('what others change takes nothing that one is typing', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner });
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Mara Member' }).click();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByLabel('Full name').fill('Mara Moved');
    const address = `${new URL(page.url()).pathname}?tab=profile`;
    const change = { id: new URL(page.url()).pathname.split('/').pop()!, full_name: 'Mara Member', mobile: '+4512345678' };
    await owner.browser.post(address, 'edit-user', { ...change, state: 'enabled' });
    await expect(page.getByRole('complementary').getByText('+4512345678')).toBeVisible();
    await expect(page.getByLabel('Full name')).toBeFocused();
    await expect(page.getByLabel('Full name')).toHaveValue('Mara Moved');

    await open(page, '/invitations');
    await page.getByRole('link', { name: '+ INVITE' }).click();
    const drawer = page.getByRole('dialog', { name: 'Invite user' });
    await drawer.getByLabel('Email').fill('ines@');
    await invite(owner, 'rosa@lumen.test');
    await expect(page.locator('tbody').filter({ hasText: 'rosa@lumen.test' })).toHaveCount(1);
    await expect(drawer.getByLabel('Email')).toBeFocused();
    await expect(drawer.getByLabel('Email')).toHaveValue('ines@');
});
