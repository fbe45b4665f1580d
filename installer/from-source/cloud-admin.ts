import { request } from 'undici';

/** What the vendor's side does for a new club: an organisation, a club, a code for its node. */
export type CloudAdmin = {
  readonly newClub: (name: string) => Promise<string>;
  readonly enrolmentCode: (clubId: string) => Promise<string>;
  readonly get: <T>(path: string) => Promise<T>;
};

export function cloudAdmin({ url, adminToken }: { readonly url: string; readonly adminToken: string }): CloudAdmin {
  const ask = async <T>(method: 'GET' | 'POST', path: string, body: object | null): Promise<T> => {
    const answer = await request(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`The control plane refused ${method} ${path}: ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    newClub: async (name) => {
      const { orgId } = await ask<{ readonly orgId: string }>('POST', '/orgs', { name });
      const { clubId } = await ask<{ readonly clubId: string }>('POST', '/clubs', { orgId, name });
      return clubId;
    },
    enrolmentCode: async (clubId) => {
      const { code } = await ask<{ readonly code: string }>('POST', `/clubs/${clubId}/enrolment-codes`, {});
      return code;
    },
    get: (path) => ask('GET', path, null),
  };
}
