/** Converted leads can be looked at, but not changed any more (Salesforce Help, "View and Edit Converted Leads"). */
import { addError } from './rows.ts';
import type { StandardRules } from './standardRules.ts';

export const leadRules: StandardRules = {
  Lead: {
    check: (row, { editsConvertedLeads }) => {
      if (row.old?.values.get('IsConverted') === true && !editsConvertedLeads)
        addError(row, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    },
  },
};
