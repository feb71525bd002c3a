// Who may call a method.
import { Role } from '@ebb/flux-client';

export const ownerOnly = { roles: Role.Owner } as const;
export const alsoGuests = { roles: Role.Owner | Role.User } as const;
export const everybody = { roles: 0xffffffff } as const;
