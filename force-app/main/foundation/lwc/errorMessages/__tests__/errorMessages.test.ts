import { errorMessages } from 'c/errorMessages';

jest.mock('@salesforce/label/c.Error_Unknown', () => ({ default: 'Something went wrong.' }), { virtual: true });

describe('c-error-messages', () => {
    it('reads an Apex error', () => {
        expect(errorMessages({ body: { message: 'No access' } })).toEqual(['No access']);
    });

    it('prefers the details of a record error to its headline', () => {
        const error = {
            body: {
                message: 'An error occurred while trying to update the record.',
                output: {
                    errors: [{ message: 'Locked' }],
                    fieldErrors: { Amount: [{ message: 'Too big' }, { message: 'Locked' }] }
                }
            }
        };
        expect(errorMessages(error)).toEqual(['Locked', 'Too big']);
    });

    it('reads lists of UI API errors, Error objects and texts', () => {
        expect(errorMessages({ body: [{ message: 'One' }, { message: 'Two' }] })).toEqual(['One', 'Two']);
        expect(errorMessages(new Error('Broken'))).toEqual(['Broken']);
        expect(errorMessages(['Plain', new Error('Broken')])).toEqual(['Plain', 'Broken']);
    });

    it.each([undefined, null, {}, { body: {} }, '', 42])('never leaves the reader without a message: %p', (error) => {
        expect(errorMessages(error)).toEqual(['Something went wrong.']);
    });
});
