import { errorToast } from 'c/errorToast';

describe('errorToast', () => {
    it('tells what failed and every reason', () => {
        const toast = errorToast('Not saved', { body: [{ message: 'Enter a name.' }, { message: 'Enter a date.' }] });
        expect(toast.type).toBe('lightning__showtoast');
        expect(toast.detail).toEqual(
            expect.objectContaining({ title: 'Not saved', message: 'Enter a name. Enter a date.', variant: 'error' })
        );
    });
});
