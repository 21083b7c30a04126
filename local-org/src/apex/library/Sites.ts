/**
 * Site, Network and OrgLimits outside of an Experience Cloud site, where the local org always is (Apex Reference:
 * the methods answer null or nothing there). What needs a site is left out, so that it is refused at compile time.
 */
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ALLOCATIONS } from '../../runtime/allocations.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';

const nothing = (): null => null;

class OrgLimit extends Bean {}

function orgLimits(): ApexMap {
  return new ApexMap(
    typeNamed('Map<String,OrgLimit>'),
    Object.entries(ALLOCATIONS).map(([name, limit]) => {
      const made = new OrgLimit();
      made.values.set('Name', name).set('Limit', limit).set('Value', 0);
      return [name, made] as const;
    }),
  );
}

export const siteClasses: readonly LibraryClass[] = [
  {
    name: 'Network',
    statics: {
      'Id getNetworkId()': nothing,
      'String getLoginUrl(Id networkId)': nothing,
      'String getLogoutUrl(Id networkId)': nothing,
      'String getSelfRegUrl(Id networkId)': nothing,
    },
  },
  {
    name: 'Site',
    statics: {
      'String getAdminEmail()': nothing,
      'Id getAdminId()': nothing,
      'String getBaseUrl()': () => '',
      'String getBaseSecureUrl()': () => '',
      'String getDomain()': nothing,
      'String getMasterLabel()': nothing,
      'String getName()': nothing,
      'String getPathPrefix()': nothing,
      'String getSiteId()': nothing,
      'Boolean isValidUsername(String username)': (username: string | null) =>
        username !== null && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(username),
    },
  },
  bean({
    name: 'OrgLimit',
    fields: [],
    instance: OrgLimit,
    methods: {
      'String getName()': (self: Bean) => self.get('Name'),
      'Integer getLimit()': (self: Bean) => self.get('Limit'),
      'Integer getValue()': (self: Bean) => self.get('Value'),
    },
  }),
  {
    name: 'OrgLimits',
    statics: {
      'Map<String,OrgLimit> getMap()': orgLimits,
      'List<OrgLimit> getAll()': () => new ApexList(typeNamed('List<OrgLimit>'), [...orgLimits().values()]),
    },
  },
];
