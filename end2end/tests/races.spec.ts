// A change that is announced to the page before the answer to the form that made it: either order must do.
import { invite, makeOwner, makeUser } from '../support/http.ts';
import { expect, open, test, told, type Page } from '../support/test.ts';

/** Holds the answer of a server function back until the page shows `seen`. */
async function answerAfter(page: Page, name: RegExp, seen: () => Promise<void>): Promise<void> {
    await page.route(name, async (route) => {
        const response = await route.fetch();
        await seen();
        await route.fulfill({ response });
    });
}

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

test('an invitation resent, with the list there before the answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await answerAfter(page, /\/api\/resend[-_]invitation/, () =>
        expect(row(page, 'ines@lumen.test').filter({ hasText: 'Inactivated' })).toBeVisible(),
    );
    await page.getByRole('button', { name: 'Resend invitation to ines@lumen.test' }).click();
    await told(page, 'Invitation was successfully sent.');
});

test('an invitation deleted, with the list there before the answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await invite(owner, 'ines@lumen.test');
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('link', { name: 'Delete invitation to ines@lumen.test' }).click();
    await answerAfter(page, /\/api\/delete[-_]invitation/, () =>
        expect(page.locator('main').getByRole('row').filter({ hasText: 'ines@lumen.test' })).toHaveCount(0),
    );
    await page.getByRole('button', { name: 'Delete invitation' }).click();
    await told(page, 'Invitation deleted.');
    await expect(page).toHaveURL(/\/invitations$/);
});

test('a user removed, with the page told before the answer', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner, expected: [/status of 404/] });
    await open(page, '/users');
    await page.getByRole('link', { name: 'Edit Mara Member' }).click();
    await page.getByRole('link', { name: 'Remove Mara Member' }).click();
    await answerAfter(page, /\/api\/remove[-_]user/, async () => {
        await page.waitForResponse(/\/api\/find[-_]user/);
    });
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await told(page, 'User removed.');
    await expect(page).toHaveURL(/\/users$/);
    await expect(row(page, 'Mara Member')).toHaveCount(0);
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
