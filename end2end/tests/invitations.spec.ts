// What the pages of invitations do beyond source 004.
import { invite, makeOwner } from '../support/http.ts';
import { registered, row } from '../support/invitations.ts';
import { expect, look, open, ready, test, told } from '../support/test.ts';

test('several at once, with and without script', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    for (const name of ['one', 'two', 'three', 'four']) await invite(owner, `${name}@lumen.test`);
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await expect(page.getByText('4 selected')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Select four@lumen.test' }).uncheck();
    await page.getByRole('checkbox', { name: 'Select three@lumen.test' }).uncheck();
    await look(page, 'invitations-selected');
    await page.getByRole('button', { name: 'Resend…' }).click();
    const resend = page.getByRole('dialog', { name: 'Resend 2 invitations?' });
    await expect(resend).toContainText('one@lumen.test');
    await look(page, 'invitations-resend');
    await resend.getByRole('button', { name: 'Resend 2 invitations' }).click();
    await told(page, '2 invitations were successfully sent.');
    await expect(row(page, 'Inactivated')).toHaveCount(2);

    const plain = await person({ at: portico, as: owner, javaScriptEnabled: false });
    await plain.goto('/invitations');
    await plain.getByRole('checkbox', { name: 'Select three@lumen.test' }).check();
    await plain.getByRole('checkbox', { name: 'Select four@lumen.test' }).check();
    await plain.getByRole('button', { name: 'Delete…' }).click();
    await plain.getByRole('button', { name: 'Delete 2 invitations' }).click();
    await expect(plain.getByText('2 invitations were deleted.')).toBeVisible();
    await expect(row(plain, 'three@lumen.test')).toHaveCount(0);
});

test('an invitation has its own page, which follows what happens', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations');
    await page.getByRole('link', { name: 'ines@lumen.test', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'ines@lumen.test', level: 1 })).toBeVisible();
    const steps = page.locator('.timeline').getByRole('listitem');
    await expect(steps.first()).toContainText('by Otto Owner');
    await expect(steps.last()).toContainText('Registration completed');
    await look(page, 'invitation');
    await page.getByRole('link', { name: 'Review pending invitation for ines@lumen.test' }).click();
    await page.getByRole('button', { name: 'ACCEPT' }).click();
    await told(page, 'Registration approved.');
    await ready(page);
    await expect(steps.last()).toContainText('Registration accepted');
});

test('the list as a file', async ({ serve, person }) => {
    const portico = await serve();
    const owner = await makeOwner(portico);
    for (const email of ['ines@lumen.test', 'lars@hansa.test']) await invite(owner, email);
    const page = await person({ at: portico, as: owner });
    await open(page, '/invitations?q=hansa');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toMatch(/^invitations-\d{4}-\d\d-\d\d\.csv$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('lars@hansa.test');
});
