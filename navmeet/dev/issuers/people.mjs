// Who can log in where, and what each issuer says about them.

const CLAIMS = {
  entra: ['NAVident', 'name', 'oid', 'preferred_username', 'groups', 'tid'],
  idporten: ['pid', 'acr', 'locale'],
};
// Invented: the demo's own directory.
const TENANT = '0d3f2c1e-6d0a-4d53-9d0c-5b1a4e6f0299';

export const claimsOf = (kind) => CLAIMS[kind];

const employee = (worker) => ({
  id: worker.oid,
  name: worker.name,
  note: `${worker.nav_ident}, enhet ${worker.office}`,
  claims: {
    NAVident: worker.nav_ident,
    name: worker.name,
    oid: worker.oid,
    preferred_username: `${worker.nav_ident.toLowerCase()}@nav.example`,
    groups: worker.groups,
    tid: TENANT,
  },
});

// ID-porten's sub is a name of its own for the person, never the number.
const inhabitant = (citizen, index) => ({
  id: `citizen-${index + 1}`,
  name: citizen.name,
  note: citizen.number,
  language: citizen.language,
  claims: { pid: citizen.number },
});

export function peopleOf(kind, everybody) {
  if (kind === 'entra') return [...everybody.caseworkers, ...everybody.advisers].map(employee);
  return everybody.citizens.map(inhabitant);
}
