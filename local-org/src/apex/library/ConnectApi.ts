/** Connect in Apex: the local org has no Chatter, so nobody follows anything; the rest is refused when it is compiled. */
import { ApexList } from '../execution/ApexList.ts';
import { makeException } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { Bean, bean, typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';

/** What the user follows: nothing. Tests that don't see the org's data may not ask. */
function followings(): Bean {
  const { test } = execution();
  if (test && !test.seesAllData)
    throw makeException(
      'UnsupportedOperationException',
      'ConnectApi methods are not supported in data siloed tests. Please use @IsTest(SeeAllData=true).',
    );
  const page = new FollowingPage();
  page.values.set('following', new ApexList(typeNamed('List<Object>')));
  page.values.set('total', 0);
  return page;
}

class FollowingPage extends Bean {}

export const connectApiClasses: readonly LibraryClass[] = [
  bean({
    name: 'ConnectApi.FollowingPage',
    fields: ['List<Object> following', 'Integer total'],
    instance: FollowingPage,
    constructors: {},
  }),
  {
    name: 'ConnectApi.ChatterUsers',
    statics: {
      'ConnectApi.FollowingPage getFollowings(String communityId, String userId)': followings,
      'ConnectApi.FollowingPage getFollowings(String communityId, String userId, String filterType)': followings,
    },
  },
];
