import { amountText, dayOfMomentText, dayText, hourText, momentText, numberText, percentText } from 'c/valueText';

jest.mock('@salesforce/i18n/timeZone', () => ({ default: 'America/Los_Angeles' }), { virtual: true });

describe('valueText', () => {
    it.each([
        [1000, undefined, '$1,000'],
        [-1000.5, undefined, '-$1,000.50'],
        [1000, 'EUR', '€1,000'],
        [1000, null, '$1,000']
    ])('writes the amount %p in %p as %p', (amount, isoCode, text) => {
        expect(amountText(amount, isoCode)).toBe(text);
    });

    it('writes the sign of what was added or taken away', () => {
        expect([5, 0, -5].map((amount) => amountText(amount, 'USD', 'exceptZero'))).toEqual(['+$5', '$0', '-$5']);
    });

    it('writes numbers and percentages with few decimals', () => {
        expect([1234, 0.456].map(numberText)).toEqual(['1,234', '0.46']);
        expect([45, 33.333].map(percentText)).toEqual(['45%', '33.3%']);
    });

    it('writes an hour of the day, whatever the time zone', () => {
        expect([0, 13].map(hourText)).toEqual([
            expect.stringMatching(/^12:00\sAM$/),
            expect.stringMatching(/^1:00\sPM$/)
        ]);
    });

    it('keeps a day the same everywhere, and puts a moment into the time zone of the reader', () => {
        expect(dayText('2027-03-01')).toBe('Mar 1, 2027');
        expect(dayOfMomentText('2027-03-01T05:00:00.000Z')).toBe('Feb 28, 2027');
        expect(momentText('2027-03-01T05:00:00.000Z')).toBe('Feb 28, 2027, 9:00 PM');
    });
});
