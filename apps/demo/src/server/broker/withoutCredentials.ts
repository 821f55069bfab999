/** A broker's address as it may be shown. For the brokers' clients. */
export const withoutCredentials = ({ host, protocol }: URL): string => `${protocol}//${host}`
