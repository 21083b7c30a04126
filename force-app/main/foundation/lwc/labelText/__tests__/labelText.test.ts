import { fillLabel } from 'c/labelText';

describe('c-label-text', () => {
    it('fills slots by number, in any order and more than once', () => {
        expect(fillLabel('{1} of {0} ({1})', 'target', '45 %')).toBe('45 % of target (45 %)');
    });

    it('leaves a slot without a value as it is', () => {
        expect(fillLabel('{0} and {1}', 'one')).toBe('one and {1}');
    });

    it('takes values literally', () => {
        expect(fillLabel('{0}', '$& {0}')).toBe('$& {0}');
    });
});
