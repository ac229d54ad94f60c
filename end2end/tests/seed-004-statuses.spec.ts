// Source 004, "Invitation status" and "Approving or rejecting a registration", line by line.
import { capturedLink, complete, invite, makeOwner } from '../support/http.ts';
import { approveBy, bin, clock, envelope, registered, row, runOut } from '../support/invitations.ts';
import { linkIn } from '../support/mail.ts';
import { expect, look, open, test, told } from '../support/test.ts';

test.describe('Invitation status', () => {
    test('Approved: This status indicates that the account was successfully created. If the auto approval option is enabled, the invitation will move to the status Approved when the developer completes the registration process.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await approveBy(portico, 'itself');
        await invite(owner, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Pending');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        await expect(row(page, 'ines@lumen.test'), 'without a reload').toContainText('Approved');
        await open(page, '/users?q=ines');
        await expect(row(page, 'Ines Caetano')).toBeVisible();
    });

    test('Invitations that had Waiting statuses and were approved are automatically moved to the Approved status.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=waiting');
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'ACCEPT' }).click();
        await told(page, 'Registration approved.');
        await expect(row(page, 'ines@lumen.test')).toHaveCount(0);
        await page.getByRole('link', { name: 'Approved' }).click();
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
    });

    test('Pending: After an invitation is sent, it remains Pending activation. While pending activation, the invitation can be deleted or resent.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=pending');
        await expect(row(page, 'ines@lumen.test')).toContainText('Pending');
        await expect(bin(page, 'ines@lumen.test')).toBeVisible();
        await expect(envelope(page, 'ines@lumen.test')).toBeVisible();
    });

    test('Waiting: if the auto-approval option is disabled, it will remain Waiting for approval. Invitations awaiting approval cannot be deleted, but you can click clock icon and deny approval.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'ines@lumen.test', 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/');
        await expect(page.getByText('1 registration waits for approval')).toBeVisible();
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Waiting');
        await expect(bin(page, 'ines@lumen.test')).toHaveCount(0);
        await expect(envelope(page, 'ines@lumen.test')).toHaveCount(0);
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        await expect(row(page, 'ines@lumen.test')).toContainText('Rejected');
    });

    test('Rejected: This status indicates that the invitation had its approval denied. If you change your mind, you can click envelope icon to have a new invitation email sent.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await approveBy(portico, 'hand');
        await invite(owner, 'ines@lumen.test');
        await complete(portico, linkIn((await mails.arrives('ines@lumen.test')).text), 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await clock(page, 'ines@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        expect((await mails.arrives('ines@lumen.test', 1)).subject).toBe('Your registration at Portico was not accepted');
        await expect(bin(page, 'ines@lumen.test')).toHaveCount(0);
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        linkIn((await mails.arrives('ines@lumen.test', 2)).text);
    });

    test('Expired: The developer has 72 hours to access the link in the invitation and complete the registration process. After that period, the invitation expires and it can then be deleted or resent.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        await runOut(portico, 'ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations?status=expired');
        await expect(row(page, 'ines@lumen.test')).toContainText('Ended');
        await expect(bin(page, 'ines@lumen.test')).toBeVisible();
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        await open(page, '/invitations?status=pending');
        await expect(row(page, 'ines@lumen.test')).toHaveCount(1);
    });

    test('Inactivated: When an invitation is resent, it remains Inactivated until the developer completes the registration process.', async ({ serve, mailServer, person }) => {
        const mails = await mailServer();
        const portico = await serve({ smtp: mails.url });
        const owner = await makeOwner(portico);
        await invite(owner, 'ines@lumen.test');
        await mails.arrives('ines@lumen.test');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await envelope(page, 'ines@lumen.test').click();
        await told(page, 'Invitation was successfully sent.');
        await expect(row(page, 'Inactivated')).toHaveCount(1);
        await expect(row(page, 'Inactivated').getByRole('button')).toHaveCount(0);
        await complete(portico, linkIn((await mails.arrives('ines@lumen.test', 1)).text), 'Ines Caetano');
        await expect(row(page, 'Inactivated'), 'it leaves the list').toHaveCount(0);
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
        // In its history it stays.
        await row(page, 'ines@lumen.test').getByRole('link', { name: 'ines@lumen.test' }).click();
        await expect(page.getByText('Registration completed')).toBeVisible();
        await page.getByRole('link', { name: 'The invitation that this one replaced' }).click();
        await expect(page.getByText('Replaced by a new invitation')).toBeVisible();
        await look(page, 'invitation-replaced');
    });
});

test.describe('Approving or rejecting a registration', () => {
    test('You can approve or reject a registration while the invitation is in the Waiting status. If the auto-approval option is enabled, the invitation will not be in the Waiting status, and you will not have the option to approve or reject it.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await approveBy(portico, 'itself');
        await invite(owner, 'ines@lumen.test');
        await complete(portico, await capturedLink(portico, 'ines@lumen.test'), 'Ines Caetano');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await expect(row(page, 'ines@lumen.test')).toContainText('Approved');
        await expect(clock(page, 'ines@lumen.test')).toHaveCount(0);
    });

    test('In the ACTIONS column, click clock icon and select one of the options: ACCEPT to confirm, DENY to reject or CANCEL.', async ({ serve, person }) => {
        const portico = await serve();
        const owner = await makeOwner(portico);
        await registered(portico, owner, 'one@lumen.test', 'Ona One');
        await registered(portico, owner, 'two@lumen.test', 'Tuva Two');
        const page = await person({ at: portico, as: owner });
        await open(page, '/invitations');
        await clock(page, 'one@lumen.test').click();
        await page.getByRole('link', { name: 'CANCEL' }).click();
        await expect(page.getByRole('dialog')).toHaveCount(0);
        await expect(row(page, 'one@lumen.test')).toContainText('Waiting');
        await clock(page, 'one@lumen.test').click();
        await page.getByRole('button', { name: 'ACCEPT' }).click();
        await told(page, 'Registration approved.');
        await clock(page, 'two@lumen.test').click();
        await page.getByRole('button', { name: 'DENY' }).click();
        await told(page, 'Registration denied.');
        await expect(row(page, 'one@lumen.test')).toContainText('Approved');
        await expect(row(page, 'two@lumen.test')).toContainText('Rejected');
    });
});
