import { createElement } from 'lwc';
import getHealth from '@salesforce/apex/RevenueHealthController.getHealth';
import retry from '@salesforce/apex/RevenueHealthController.retry';
import retryAll from '@salesforce/apex/RevenueHealthController.retryAll';
import scheduleNightly from '@salesforce/apex/RevenueHealthController.scheduleNightly';
import startAudit from '@salesforce/apex/RevenueHealthController.startAudit';
import RevenueHealth from 'c/revenueHealth';
import type { Health, Waiting } from '../health';
import data from './data/health.json';
import waiting from './data/waiting.json';

jest.mock('@salesforce/apex/RevenueHealthController.getHealth', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/RevenueHealthController.retry', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/RevenueHealthController.retryAll', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/RevenueHealthController.scheduleNightly', () => ({ default: jest.fn() }), {
    virtual: true
});
jest.mock('@salesforce/apex/RevenueHealthController.startAudit', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/i18n/timeZone', () => ({ default: 'America/New_York' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Attempts_Many', () => ({ default: '{0} times' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Attempts_One', () => ({ default: 'once' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Batches', () => ({ default: '{0} of {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Counted_Later', () => ({ default: 'soon' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Due', () => ({ default: 'due' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Failures', () => ({ default: '{0} failed' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Mended', () => ({ default: 'mended at {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Mended_Of', () => ({ default: '{0} of {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Next_Attempt', () => ({ default: 'again {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Not_Started', () => ({ default: 'not started {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Retry_Of', () => ({ default: 'retry {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Retry_Title', () => ({ default: 'Retried' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Shown', () => ({ default: '{0} of {1} shown' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Start', () => ({ default: 'Start' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Health_Waiting_Title', () => ({ default: 'waiting ({0})' }), {
    virtual: true
});

/** Name that ShowToastEvent gives its events, in the platform and in its stub alike. */
const SHOW_TOAST = 'lightning__showtoast';
const PAUSE = 3_000;

const apex = {
    getHealth: getHealth as unknown as jest.Mock,
    retry: retry as unknown as jest.Mock,
    retryAll: retryAll as unknown as jest.Mock,
    scheduleNightly: scheduleNightly as unknown as jest.Mock,
    startAudit: startAudit as unknown as jest.Mock
};
const health: Health = data;
const idle: Health = { ...health, audit: null, schedule: null };
const requests: Waiting[] = waiting;
const running = { step: 2, done: 1, total: 4, auditId: 'a04000000000008AAA', auditName: 'RA-000008' } as const;

/** Lets what was promised happen; the timers stand still. */
const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

async function mount(answer: Health): Promise<{ element: HTMLElement; toasts: Record<string, string>[] }> {
    apex.getHealth.mockResolvedValue(answer);
    const element = createElement('c-revenue-health', { is: RevenueHealth });
    const toasts: Record<string, string>[] = [];
    element.addEventListener(SHOW_TOAST, (event) => toasts.push((event as CustomEvent<Record<string, string>>).detail));
    document.body.appendChild(element);
    await settle();
    return { element, toasts };
}

const all = <Found extends HTMLElement = HTMLElement>(element: HTMLElement, selector: string): Found[] => [
    ...(element.shadowRoot?.querySelectorAll<Found>(selector) ?? [])
];

/** What stands there, with single spaces. */
const texts = (element: HTMLElement, selector: string): string[] =>
    all(element, selector).map((found) => (found.textContent ?? '').replace(/\s+/g, ' ').trim());

type Notice = HTMLElement & { heading?: string; variant?: string; error?: unknown };
const verdict = (element: HTMLElement): string | undefined =>
    all<HTMLElement & { text?: string }>(element, 'c-card-verdict')[0]?.text;

type Button = HTMLElement & { label?: string };
const button = (element: HTMLElement, label: string): Button | undefined =>
    all<Button>(element, 'lightning-button').find((found) => found.label === label);

const click = async (found: HTMLElement | undefined): Promise<void> => {
    expect(found).toBeDefined();
    found?.click();
    await settle();
};

const tick = (): Promise<void> => jest.advanceTimersByTimeAsync(PAUSE);

const START = 'Start';
const RETRY_ALL = 'c.Revenue_Health_Retry_All';
const SCHEDULE = 'c.Revenue_Health_Schedule';

describe('c-revenue-health', () => {
    beforeEach(() => {
        jest.useFakeTimers();
    });

    afterEach(() => {
        document.body.replaceChildren();
        jest.resetAllMocks();
        jest.useRealTimers();
    });

    describe('states', () => {
        it('shows a stencil that is announced while it loads', async () => {
            apex.getHealth.mockReturnValue(new Promise(() => undefined));
            const element = createElement('c-revenue-health', { is: RevenueHealth });
            document.body.appendChild(element);
            await settle();
            const stencils = all<HTMLElement & { label?: string }>(element, 'c-card-stencil');
            expect(stencils.map(({ label }) => label)).toEqual(['c.Revenue_Health_Loading', undefined]);
            expect(button(element, START)).toBeUndefined();
            expect(all(element, '.waiting')).toHaveLength(0);
            jest.useRealTimers();
            await expect(element).toBeAccessible();
        });

        it('says why it could not be read, and reads again on refresh', async () => {
            apex.getHealth.mockRejectedValueOnce({ body: { message: 'Ask an administrator.' } });
            const element = createElement('c-revenue-health', { is: RevenueHealth });
            document.body.appendChild(element);
            await settle();
            const [notice] = all<Notice>(element, 'c-card-notice');
            expect(notice.heading).toBe('c.Revenue_Health_Error_Title');
            expect(notice.error).toEqual({ body: { message: 'Ask an administrator.' } });
            expect(button(element, START)).toBeUndefined();
            expect(all(element, 'lightning-card')).toHaveLength(1);
            apex.getHealth.mockResolvedValue(health);
            await click(all(element, 'lightning-button-icon')[0]);
            expect(all<Notice>(element, 'c-card-notice').filter(({ error }) => error)).toHaveLength(0);
            expect(button(element, START)).toBeDefined();
        });

        it('says what to do before the first audit, and that nothing waits', async () => {
            const { element } = await mount(idle);
            expect(verdict(element)).toBe('c.Revenue_Health_Never_Audited');
            expect(all(element, '.audit .figures')).toHaveLength(0);
            const [notice] = all<Notice>(element, '.waiting-body c-card-notice');
            expect([notice.heading, notice.variant]).toEqual(['c.Revenue_Health_Waiting_Empty_Title', 'success']);
            expect(button(element, RETRY_ALL)).toBeUndefined();
            jest.useRealTimers();
            await expect(element).toBeAccessible();
        });

        it('warns where no audit is scheduled', async () => {
            const { element } = await mount(idle);
            const [notice] = all<Notice>(element, '.nightly c-card-notice');
            expect([notice.heading, notice.variant]).toEqual(['c.Revenue_Health_Unscheduled_Title', 'warning']);
        });

        it('is accessible with everything that it can show', async () => {
            const { element } = await mount({ ...health, running, waiting: requests, waitingCount: 99 });
            jest.useRealTimers();
            await expect(element).toBeAccessible();
        });
    });

    describe('the last audit', () => {
        it('tells when, by whom and what it found, in the reader’s time zone', async () => {
            const { element } = await mount(health);
            expect(verdict(element)).toMatch(/^mended at Mar 5, 2027, 2:00\sAM$/);
            expect(texts(element, '.audit .figure-text bdi').slice(1)).toEqual([
                'Priya Raghunathan',
                '3 of 12,345',
                '7 of 120'
            ]);
            const link = all<HTMLElement & { recordId?: string; label?: string }>(element, '.audit c-record-link')[0];
            expect([link.recordId, link.label]).toEqual(['a04000000000001AAA', 'RA-000007']);
        });

        it('counts failures only where there are some', async () => {
            const { element } = await mount({
                ...health,
                audit: health.audit && { ...health.audit, Failures__c: 4 }
            });
            expect(verdict(element)).toBe('4 failed');
            expect(texts(element, '.audit .figure-text bdi').at(-1)).toBe('4');
        });

        it('shows the first lines of what was wrong, and more on request, where the focus goes then', async () => {
            const { element } = await mount(health);
            expect(texts(element, '.details li')[0]).toBe('Acme 2027: expected revenue was 10, now 20');
            expect(all(element, '.detail')).toHaveLength(5);
            const [more] = all<HTMLElement & { shown?: number; total?: number }>(element, 'c-show-more');
            expect([more.shown, more.total]).toEqual([5, 7]);
            more.dispatchEvent(new CustomEvent('more'));
            await settle();
            expect(all(element, '.detail')).toHaveLength(7);
            expect(all(element, 'c-show-more')).toHaveLength(0);
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.detail')[5]);
        });

        it('says when an audit that was due did not start', async () => {
            const { element } = await mount({
                ...health,
                schedule: {
                    nextRun: '2027-03-07T07:00:00.000Z',
                    previousRun: '2027-03-06T07:00:00.000Z',
                    hasFailed: true
                }
            });
            expect(verdict(element)).toMatch(/^not started Mar 6, 2027, 2:00\sAM$/);
        });
    });

    describe('a running audit', () => {
        it('shows how far it is, and follows it until it ends', async () => {
            const { element } = await mount({ ...health, running });
            expect(texts(element, '.progress-text span')).toEqual(['c.Revenue_Health_Step_Figures', '1 of 4']);
            expect(all<HTMLElement & { value?: number }>(element, 'lightning-progress-bar')[0].value).toBe(62.5);
            expect(button(element, START)).toBeUndefined();
            apex.getHealth.mockResolvedValue({ ...health, running: { ...running, done: 3 } });
            await tick();
            expect(texts(element, '.progress-text span')[1]).toBe('3 of 4');
            apex.getHealth.mockResolvedValue(health);
            await tick();
            expect(all(element, '.progress')).toHaveLength(0);
            expect(button(element, START)).toBeDefined();
            await tick();
            expect(apex.getHealth).toHaveBeenCalledTimes(3);
        });

        it('says that it waits before its batches are counted', async () => {
            const { element } = await mount({ ...health, running: { step: 1, done: 0, total: 0 } });
            expect(texts(element, '.progress-text span')).toEqual(['c.Revenue_Health_Step_Links', 'soon']);
            expect(all(element, '.progress c-record-link')).toHaveLength(0);
        });

        it('no longer asks once it has left the page', async () => {
            const { element } = await mount({ ...health, running });
            element.remove();
            await tick();
            expect(apex.getHealth).toHaveBeenCalledTimes(1);
        });

        it('begins with the button, and the focus moves to what is said then', async () => {
            const { element } = await mount(health);
            apex.startAudit.mockResolvedValue(undefined);
            apex.getHealth.mockResolvedValue({ ...health, running });
            await click(button(element, START));
            expect(apex.startAudit).toHaveBeenCalledTimes(1);
            expect(verdict(element)).toBe('c.Revenue_Health_Running');
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.verdict')[0]);
        });

        it('tells why it could not be started, and shows how things stand', async () => {
            const { element, toasts } = await mount(health);
            apex.startAudit.mockRejectedValue({ body: { message: 'One is running already.' } });
            apex.getHealth.mockResolvedValue({ ...health, running });
            await click(button(element, START));
            expect(toasts).toEqual([
                expect.objectContaining({ title: 'Start', message: 'One is running already.', variant: 'error' })
            ]);
            expect(all(element, '.progress')).toHaveLength(1);
        });
    });

    describe('the schedule', () => {
        it('says when the next audit runs and as whom', async () => {
            const { element } = await mount(health);
            const [next, who] = texts(element, '.nightly .figure-text bdi');
            expect(next).toMatch(/^Mar 6, 2027, 2:00\sAM$/);
            expect(who).toBe('Priya Raghunathan');
            expect(button(element, SCHEDULE)).toBeUndefined();
        });

        it('leaves out a user whose name is not to be had', async () => {
            const { element } = await mount({
                ...health,
                schedule: { nextRun: '2027-03-06T07:00:00.000Z', hasFailed: false }
            });
            expect(all(element, '.nightly .figure-text')).toHaveLength(1);
        });

        it('offers every hour in the reader’s way of writing it, and schedules at the chosen one', async () => {
            const { element } = await mount(idle);
            const combobox = all<HTMLElement & { options?: { label: string }[]; value?: string }>(
                element,
                'lightning-combobox'
            )[0];
            expect(combobox.options).toHaveLength(24);
            expect(combobox.options?.[13].label).toMatch(/^1:00\sPM$/);
            expect(combobox.value).toBe('2');
            combobox.dispatchEvent(new CustomEvent('change', { detail: { value: '5' } }));
            apex.scheduleNightly.mockResolvedValue(undefined);
            apex.getHealth.mockResolvedValue(health);
            await click(button(element, SCHEDULE));
            expect(apex.scheduleNightly).toHaveBeenCalledWith({ hour: 5 });
            expect(all(element, '.nightly .figure-text')).toHaveLength(2);
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.nightly-body')[0]);
        });
    });

    describe('what waits', () => {
        it('tells what, why, how often it was tried, when again, and the last error', async () => {
            const { element } = await mount({ ...health, waiting: requests, waitingCount: 2 });
            const [first, second] = texts(element, '.entry-facts');
            expect(first).toMatch(/^Figures ?2 times ?again Jan 1, 2999, 7:00\sAM$/);
            expect(second).toMatch(/^Links ?once ?due$/);
            expect(texts(element, '.entry-error')).toEqual(['FIELD_CUSTOM_VALIDATION_EXCEPTION: Ask finance.']);
            expect(all<Button>(element, 'lightning-badge').map(({ label }) => label)).toEqual([
                'Could Not Be Saved',
                'Too Many Records'
            ]);
            expect(texts(element, '.shown')).toEqual([]);
        });

        it('links to plan and request; a record whose name is not to be had is told by its request', async () => {
            const { element } = await mount({ ...health, waiting: requests, waitingCount: 2 });
            const links = all<HTMLElement & { recordId?: string; label?: string }>(element, '.entry c-record-link');
            expect(links.map(({ recordId, label }) => [recordId, label])).toEqual([
                ['a01000000000001AAA', 'Acme 2027'],
                ['a05000000000001AAA', 'RR-000001'],
                ['a05000000000002AAA', 'RR-000002']
            ]);
        });

        it('says when more waits than is listed', async () => {
            const { element } = await mount({ ...health, waiting: requests, waitingCount: 1234 });
            expect(texts(element, '.shown')).toEqual(['2 of 1,234 shown']);
            expect(all<HTMLElement & { title: string }>(element, 'lightning-card')[2].title).toBe('waiting (1,234)');
        });

        it('tries one again, follows it and keeps the focus in the list when its row goes', async () => {
            const { element, toasts } = await mount({ ...health, waiting: requests, waitingCount: 2 });
            apex.retry.mockResolvedValue(undefined);
            const first = all<HTMLElement & { alternativeText?: string }>(element, '.entry lightning-button-icon')[0];
            expect(first.alternativeText).toBe('retry Acme 2027');
            first.tabIndex = 0;
            first.focus();
            await click(first);
            expect(apex.retry).toHaveBeenCalledWith({ requestIds: ['a05000000000001AAA'] });
            expect(toasts).toEqual([expect.objectContaining({ title: 'Retried', variant: 'success' })]);
            apex.getHealth.mockResolvedValue({ ...health, waiting: [requests[1]], waitingCount: 1 });
            await tick();
            expect(all(element, '.entry')).toHaveLength(1);
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.waiting-body')[0]);
        });

        it('tries all again, and looks no longer than a job takes', async () => {
            const { element } = await mount({ ...health, waiting: requests, waitingCount: 2 });
            apex.retryAll.mockResolvedValue(undefined);
            await click(button(element, RETRY_ALL));
            expect(apex.retryAll).toHaveBeenCalledTimes(1);
            await jest.advanceTimersByTimeAsync(10 * PAUSE);
            expect(apex.getHealth.mock.calls.length).toBeLessThanOrEqual(7);
        });
    });
});
