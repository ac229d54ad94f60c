// APIs, groups and access to APIs, as seed 002 tells it: with script and without.
import { makeOwner, makeUser, type Account } from '../support/http.ts';
import { expect, failed, open, test, toast, type Page } from '../support/test.ts';

// Without script nobody uses the WASM that the page has fetched ahead.
const unused = /\.wasm was preloaded using link preload but not used/;

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** Makes an API or a group as a plain browser does; gives its address. */
async function make(owner: Account, page: string, name: string, fields: Record<string, string>): Promise<string> {
    const answer = await owner.browser.post(page, name, fields);
    expect(answer.status, answer.text).toBe(303);
    return answer.location;
}

test('an API is made, given, and taken from everyone', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner, expected: [failed(422)] });
    await open(page, '/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'APIs' }).click();
    await expect(page.getByRole('heading', { name: 'API Access', level: 1 })).toBeVisible();
    await expect(page.getByText('No APIs yet')).toBeVisible();
    await page.getByRole('link', { name: 'New API' }).click();
    const drawer = page.getByRole('dialog', { name: 'New API' });
    await drawer.getByRole('button', { name: 'Create API' }).click();
    await expect(drawer.getByText('Please fill this in.')).toBeVisible();
    await drawer.getByLabel('Name', { exact: true }).fill('Vessel Tracking v2');
    await expect(drawer.getByText('It will be `vessel-tracking-v2`.')).toBeVisible();
    await drawer.getByLabel('Environment').selectOption({ label: 'Staging' });
    await drawer.getByLabel('Category').fill('Tracking');
    await expect(drawer.getByText('Regions'), 'with one region none is mentioned').toHaveCount(0);
    await drawer.getByLabel('Customer IDs').fill('PL-GDN-00417; NO-AES-11802');
    await drawer.getByRole('button', { name: 'Create API' }).click();
    await expect(toast(page, 'API created.')).toBeVisible();
    await expect(page.getByRole('heading', { name: /Vessel Tracking v2/, level: 1 })).toBeVisible();
    await expect(page.getByText('PL-GDN-00417')).toBeVisible();
    await expect(page.getByText('No user has access')).toBeVisible();

    await page.getByRole('link', { name: 'Add Access', exact: true }).click();
    const add = page.getByRole('dialog', { name: 'Add Access to Vessel Tracking v2' });
    await add.getByLabel('Users and customers', { exact: true }).fill('mara@kestrel.test;');
    await expect(add.getByRole('checkbox', { name: 'Mara Member' })).toBeVisible();
    await add.getByLabel('Until').fill('9000-12-31');
    await add.getByRole('button', { name: 'Add Access' }).click();
    await expect(toast(page, 'Access saved.')).toBeVisible();
    await expect(row(page, 'mara@kestrel.test')).toContainText('Otto Owner');
    await expect(page.getByRole('navigation', { name: 'Who has access' }).getByRole('link', { name: 'Users 1' })).toBeVisible();

    await page.getByRole('link', { name: 'Remove access of Mara Member' }).click();
    const remove = page.getByRole('dialog', { name: 'Remove access of Mara Member to Vessel Tracking v2?' });
    await expect(remove.getByRole('link', { name: 'Keep access' })).toBeFocused();
    await remove.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('No user has access')).toBeVisible();

    await page.getByRole('link', { name: 'Revoke All Access' }).click();
    const revoke = page.getByRole('dialog', { name: 'Revoke All Access to Vessel Tracking v2?' });
    await expect(revoke.getByText('2 Customer IDs of the API')).toBeVisible();
    await expect(revoke.getByText('Nobody gains or loses anything.')).toBeVisible();
    await revoke.getByRole('button', { name: 'Revoke All Access' }).click();
    await expect(toast(page, 'Access deleted.').last()).toBeVisible();
    await expect(page.getByText('PL-GDN-00417')).toHaveCount(0);

    await page.getByRole('link', { name: 'Delete API' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete API' }).click();
    await expect(toast(page, 'API deleted.')).toBeVisible();
    await expect(page).toHaveURL(/\/apis$/);
});

test('a group is made, given members and APIs, and says who gains', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member', 'visitor');
    await make(owner, '/apis?new=1', 'create-api', { name: 'Vessel Tracking' });
    // What is deleted may be asked for once more before the page has left it.
    const page = await person({ at: portico, as: owner, expected: [failed(404)] });
    await open(page, '/groups');
    await page.getByRole('link', { name: 'New Group' }).click();
    const drawer = page.getByRole('dialog', { name: 'New Group' });
    await drawer.getByLabel('Group name').fill('Port operators');
    await drawer.getByLabel('Users and customers', { exact: true }).fill('mara@kestrel.test;');
    await expect(drawer.getByRole('checkbox', { name: 'Mara Member' })).toBeVisible();
    await drawer.getByRole('button', { name: 'Save' }).click();
    await expect(toast(page, 'Group created.')).toBeVisible();
    await expect(row(page, 'mara@kestrel.test')).toContainText('Teammate');

    const tabs = page.getByRole('navigation', { name: 'What is in the group' });
    await tabs.getByRole('link', { name: 'API Access' }).click();
    await expect(page.getByText('This group gives no APIs')).toBeVisible();
    await page.getByRole('link', { name: 'Assign APIs' }).click();
    const assign = page.getByRole('dialog', { name: 'Assign APIs to Port operators' });
    await assign.getByLabel('APIs', { exact: true }).fill('vessel-tracking;');
    await expect(assign.getByRole('checkbox', { name: 'Vessel Tracking' })).toBeVisible();
    await expect(assign.getByText('Nobody gains or loses anything.'), 'a Visitor sees every API already').toBeVisible();
    await assign.getByRole('button', { name: 'Assign APIs' }).click();
    await expect(toast(page, 'Access saved.')).toBeVisible();
    await expect(row(page, 'Vessel Tracking')).toContainText('No end');

    await page.getByRole('link', { name: "Remove Vessel Tracking from the group's APIs" }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('This group gives no APIs')).toBeVisible();
    await tabs.getByRole('link', { name: 'Group Members' }).click();
    await page.getByRole('link', { name: 'Remove Mara Member from the group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('Nobody is in this group')).toBeVisible();

    await page.getByRole('link', { name: 'Edit the name of Port operators' }).click();
    const rename = page.getByRole('dialog', { name: 'Edit the name of Port operators' });
    await rename.getByLabel('Group name').fill('Harbours');
    await rename.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: 'Harbours', level: 1 })).toBeVisible();
    await page.getByRole('link', { name: 'Delete group' }).click();
    await page.getByRole('dialog', { name: 'Delete Harbours?' }).getByRole('button', { name: 'Delete group' }).click();
    await expect(toast(page, 'Group deleted.')).toBeVisible();
    await expect(page).toHaveURL(/\/groups$/);
});

test('without script: the same story', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await makeUser(owner, 'mara@kestrel.test', 'Mara Member');
    const page = await person({ at: portico, as: owner, javaScriptEnabled: false, expected: [failed(422), unused] });
    await page.goto('/apis');
    await page.getByRole('link', { name: 'New API' }).click();
    await page.getByLabel('Name', { exact: true }).fill('山本');
    await page.getByLabel('Category').fill('Tracking');
    await page.getByRole('button', { name: 'Create API' }).click();
    await expect(page.getByText('Use small letters, digits and hyphens')).toBeVisible();
    await expect(page.getByLabel('Category')).toHaveValue('Tracking');
    await page.getByLabel('Name in requests').fill('yamamoto');
    await page.getByRole('button', { name: 'Create API' }).click();
    await expect(toast(page, 'API created.')).toBeVisible();

    await page.goto('/groups?new=1');
    await page.getByLabel('Group name').fill('Ports');
    await page.getByLabel('Users and customers', { exact: true }).fill('nobody@kestrel.test');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('This names somebody or something that is not here.')).toBeVisible();
    await expect(page.getByLabel('Group name')).toHaveValue('Ports');
    await page.getByLabel('Users and customers', { exact: true }).fill('mara member; otto@kestrel.test');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(row(page, 'Mara Member')).toBeVisible();
    await expect(row(page, 'Otto Owner')).toBeVisible();

    await page.getByRole('link', { name: 'API Access' }).first().click();
    await page.getByRole('link', { name: 'Assign APIs' }).click();
    await page.getByLabel('APIs', { exact: true }).fill('yamamoto');
    await page.getByRole('button', { name: 'Assign APIs' }).click();
    await expect(row(page, 'yamamoto')).toBeVisible();
    await row(page, 'yamamoto').getByRole('link', { name: '山本', exact: true }).click();
    await page.getByRole('navigation', { name: 'Who has access' }).getByRole('link', { name: 'Groups 1' }).click();
    await page.getByRole('link', { name: 'Remove access of Ports' }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('No group has access')).toBeVisible();
    await page.getByRole('link', { name: 'Delete API' }).click();
    await page.getByRole('button', { name: 'Delete API' }).click();
    await expect(page.getByText('No APIs yet')).toBeVisible();
});

test('a Visitor sees and changes nothing', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    const visitor = await makeUser(owner, 'vito@kestrel.test', 'Vito Visitor', 'visitor');
    const api = await make(owner, '/apis?new=1', 'create-api', { name: 'Vessel Tracking' });
    const group = await make(owner, '/groups?new=1', 'create-group', { name: 'Ports' });
    const page = await person({ at: portico, as: visitor });
    for (const address of ['/apis?new=1', '/groups?new=1', `${api}?add=1`, `${api}?delete=1`, `${group}?delete=1`]) {
        await open(page, address);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await expect(page.getByRole('link', { name: /^(New|Add|Delete|Edit|Revoke|Assign)/ })).toHaveCount(0);
    }
});
