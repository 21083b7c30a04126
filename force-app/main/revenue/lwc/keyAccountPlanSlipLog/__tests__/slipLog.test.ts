import { differencesOf } from '../slipLog';
import type { Entry } from '../slipLog';

const entry = (fields: Partial<Entry>): Entry => ({
    Id: 'a03000000000001',
    Record_Name__c: 'Deal',
    Change__c: 'Increased',
    Change_in_Expected_Revenue__c: 1,
    CreatedDate: '2027-03-04T18:00:00.000Z',
    ...fields
});

describe('differencesOf', () => {
    it('tells everything that changed', () => {
        expect(
            differencesOf(
                entry({
                    From_Amount__c: 1,
                    To_Amount__c: 2,
                    From_Close_Date__c: '2027-05-15',
                    To_Close_Date__c: '2027-06-01',
                    From_Stage__c: 'Prospecting',
                    To_Stage__c: 'Closed Won'
                })
            )
        ).toEqual([
            { what: 'amount', from: 1, to: 2 },
            { what: 'closeDate', from: '2027-05-15', to: '2027-06-01' },
            { what: 'stage', from: 'Prospecting', to: 'Closed Won' }
        ]);
    });

    it('tells the amount alone of a deal that came or went', () => {
        expect(
            differencesOf(entry({ From_Amount__c: 5, From_Close_Date__c: '2027-05-15', From_Stage__c: 'A' }))
        ).toEqual([{ what: 'amount', from: 5, to: null }]);
        expect(differencesOf(entry({ To_Amount__c: 0, To_Close_Date__c: '2027-05-15', To_Stage__c: 'A' }))).toEqual([
            { what: 'amount', from: null, to: 0 }
        ]);
    });

    it('tells the date of a record that is no deal', () => {
        expect(differencesOf(entry({ From_Close_Date__c: '2027-05-15', To_Close_Date__c: '2027-06-01' }))).toEqual([
            { what: 'date', from: '2027-05-15', to: '2027-06-01' }
        ]);
    });

    it('tells nothing when only the probability changed', () => {
        expect(
            differencesOf(entry({ From_Amount__c: 5, To_Amount__c: 5, From_Stage__c: 'A', To_Stage__c: 'A' }))
        ).toEqual([]);
    });
});
