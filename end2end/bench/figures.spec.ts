// Figures of the built binary, never assertions: first load, start, memory, pages. `make bench` prints them.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { test } from '@playwright/test';
import { type Account, invite, makeOwner } from '../support/http.ts';
import { Portico } from '../support/portico.ts';

const STARTS = 5;
const REQUESTS = 300;

function print(what: string, ...figures: string[]): void {
    console.log(`${what.padEnd(46)}${figures.map((figure) => figure.padStart(16)).join('')}`);
}

function median(figures: number[]): number {
    return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

const spread = (ms: number[]) => `${median(ms).toFixed(1)} (${Math.min(...ms).toFixed(1)}–${Math.max(...ms).toFixed(1)})`;
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
const resident = (pid: number) =>
    Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)![1]) * 1024;

/** Raw and brotli bytes of one file of the site, as it is served. */
async function size(portico: Portico, path: string): Promise<[number, number]> {
    const bytes = async (encoding: string) => {
        const answer = await fetch(portico.url + path, { headers: { 'accept-encoding': encoding } });
        // `fetch` decodes; the length on the wire is in the header.
        const length = answer.headers.get('content-length');
        return length ? Number(length) : (await answer.arrayBuffer()).byteLength;
    };
    return [await bytes('identity'), await bytes('br')];
}

async function firstLoad(portico: Portico, what: string, html: string): Promise<void> {
    const small = brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
    const found = (pattern: RegExp) => html.match(pattern)![1]!;
    const files: [string, [number, number]][] = [
        ['HTML (sent as it is; brotli 5 at a proxy)', [Buffer.byteLength(html), small]],
        ['style', await size(portico, found(/href="(\/pkg\/[^"]+\.css)"/))],
        ['script', await size(portico, found(/'(\/pkg\/[^']+\.js)'/))],
        ['WASM', await size(portico, found(/'(\/pkg\/[^']+\.wasm)'/))],
        ['icons', await size(portico, found(/(\/pkg\/icons[^"#\\]+\.svg)/))],
    ];
    console.log(`\nFirst load of ${what}`);
    for (const [name, [raw, brotli]] of files) print(`  ${name}`, kib(raw), kib(brotli));
    const total = (index: 0 | 1) => kib(files.reduce((sum, [, sizes]) => sum + sizes[index], 0));
    print('  in all', total(0), total(1));
}

/** Milliseconds of one request after another. */
async function latency(account: Account, path: string): Promise<number[]> {
    const figures: number[] = [];
    for (let n = 0; n < REQUESTS; n++) {
        const begun = performance.now();
        await account.browser.get(path);
        figures.push(performance.now() - begun);
    }
    return figures.slice(REQUESTS / 10);
}

test('figures', async () => {
    test.setTimeout(300_000);
    const begun = performance.now();
    const portico = await Portico.start({ database: 'embedded' });
    console.log('\nStart, until /readyz answers (ms)');
    print('  with a new cluster', (performance.now() - begun).toFixed(0));
    print('  memory of the server, idle after the start', kib(resident(portico.pid)));
    const owner = await makeOwner(portico);
    for (let n = 0; n < 50; n++) await invite(owner, `guest${n}@lumen.test`);
    const { text: list } = await owner.browser.get('/invitations');
    const door = await (await fetch(`${portico.url}/sign-in`)).text();
    await firstLoad(portico, 'the sign-in page', door);
    await firstLoad(portico, 'the console (Invitations, 25 rows)', list);

    console.log('\nOne request after another: median (min–max) ms, and times a constant answer');
    const constant = await latency(owner, '/healthz');
    print('  /healthz, a constant', spread(constant));
    for (const path of ['/', '/users', '/invitations', '/outbox']) {
        const figures = await latency(owner, path);
        print(`  ${path}`, spread(figures), `×${(median(figures) / median(constant)).toFixed(1)}`);
    }
    print('  memory of the server after this', kib(resident(portico.pid)));

    const starts: number[] = [];
    for (let n = 0; n < STARTS; n++) {
        await portico.stop();
        const begun = performance.now();
        await portico.start();
        starts.push(performance.now() - begun);
    }
    console.log('\nStart again, with its cluster stopped before: median (min–max) ms');
    print('  until /readyz answers', spread(starts));
    await portico.remove();
});
