// What a camera reads off the screen.
import type { Locator } from '@playwright/test';
import jsqr from 'jsqr';

/** The text in the QR code that stands there, as it is seen. */
export async function read(picture: Locator): Promise<string | undefined> {
    const png = (await picture.screenshot()).toString('base64');
    // In a page of its own, whose policy lets a picture be looked into.
    const desk = await picture.page().context().newPage();
    const { data, width, height } = await desk.evaluate(async (png) => {
        const blob = await (await fetch(`data:image/png;base64,${png}`)).blob();
        const bitmap = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        return { data: [...data], width: bitmap.width, height: bitmap.height };
    }, png);
    await desk.close();
    return jsqr.default(Uint8ClampedArray.from(data), width, height)?.data;
}
