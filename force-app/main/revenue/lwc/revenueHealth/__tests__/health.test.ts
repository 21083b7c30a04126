import { mendedIn, percentDone, verdictOf } from '../health';
import type { Audit, Health } from '../health';
import data from './data/health.json';
import waiting from './data/waiting.json';

const audit = data.audit as Audit;
const health: Health = { ...data, audit };
const right: Audit = { ...audit, Links_Mended__c: 0, Plans_Mended__c: 0 };
const due = waiting.map((request) => ({ ...request, lastError: null }));

describe('verdictOf', () => {
    it.each<[string, Partial<Health>, string]>([
        ['an audit runs, whatever else', { running: { step: 1, done: 0, total: 0 }, isInterrupted: true }, 'running'],
        ['the last audit was stopped', { isInterrupted: true, waiting, waitingCount: 2 }, 'interrupted'],
        [
            'an audit that was due did not start',
            { schedule: { nextRun: '', hasFailed: true }, waiting, waitingCount: 2 },
            'notStarted'
        ],
        ['what waits has failed', { waiting, waitingCount: 2 }, 'failing'],
        ['the audit had failures', { audit: { ...audit, Failures__c: 1 }, waiting: due, waitingCount: 2 }, 'failures'],
        ['something waits', { waiting: due, waitingCount: 2 }, 'waiting'],
        ['no audit was ever made', { audit: null }, 'neverAudited'],
        ['the audit mended figures', {}, 'mended'],
        ['the audit found nothing', { audit: right }, 'healthy'],
        ['blank numbers are left out', { audit: { Id: '1', Name: 'RA', CreatedDate: '' } }, 'healthy']
    ])('says the worst first: %s', (_, changes, expected) => {
        expect(verdictOf({ ...health, ...changes })).toBe(expected);
    });
});

describe('mendedIn', () => {
    it('counts links and plans', () => {
        expect(mendedIn(audit)).toBe(10);
        expect(mendedIn({ Id: '1', Name: 'RA', CreatedDate: '' })).toBe(0);
    });
});

describe('percentDone', () => {
    it.each<[1 | 2, number, number, number]>([
        [1, 0, 0, 0],
        [1, 5, 10, 25],
        [1, 10, 10, 50],
        [2, 0, 0, 50],
        [2, 1, 4, 62.5],
        [2, 4, 4, 100],
        [2, 5, 4, 100]
    ])('gives each step half: step %p, %p of %p', (step, done, total, expected) => {
        expect(percentDone({ step, done, total })).toBe(expected);
    });
});
