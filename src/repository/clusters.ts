import { Buffer } from 'node:buffer';
import { stringAt } from '../capacity/read.js';
import type { KubeObject } from './model.js';

/** Argo CD's name and address for the cluster it runs in. */
export const inCluster = { name: 'in-cluster', server: 'https://kubernetes.default.svc' } as const;

/** A cluster as Argo CD knows it. */
export interface KnownCluster {
  readonly name: string | undefined;
  readonly server: string | undefined;
}

/** Who the clusters of the repository are: names and addresses that mean the same one. */
export interface ClusterRegistry {
  /** One text per cluster, whether it was named by address or by name; '' for neither. */
  key(destination: { readonly server: string | undefined; readonly name: string | undefined }): string;
  /** What is known of the cluster of a destination; undefined where a name has no address here. */
  resolve(destination: { readonly server: string | undefined; readonly name: string | undefined }): {
    readonly name: string | undefined;
    readonly server: string | undefined;
  };
  /** Whether the registry is a full list of the clusters (an inventory), so that an unknown one is a mistake. */
  readonly closed: boolean;
  has(destination: { readonly server: string | undefined; readonly name: string | undefined }): boolean;
}

/** Argo CD trims one form of address only: the trailing slash on the side of the Application. */
export function trimServer(server: string): string {
  return server.replace(/\/+$/, '');
}

export function clusterRegistry(known: readonly KnownCluster[], closed: boolean): ClusterRegistry {
  const serverOf = new Map<string, string>([[inCluster.name, inCluster.server]]);
  const nameOf = new Map<string, string>([[inCluster.server, inCluster.name]]);
  const names = new Set<string>([inCluster.name]);
  for (const { name, server } of known) {
    if (name !== undefined) names.add(name);
    if (name !== undefined && server !== undefined) {
      serverOf.set(name, trimServer(server));
      nameOf.set(trimServer(server), name);
    }
  }
  for (const { server } of known) {
    if (server !== undefined && !nameOf.has(trimServer(server))) nameOf.set(trimServer(server), '');
  }
  const resolve: ClusterRegistry['resolve'] = ({ server, name }) => {
    if (server) return { server: trimServer(server), name: nameOf.get(trimServer(server)) || undefined };
    if (name) return { server: serverOf.get(name), name };
    return { server: undefined, name: undefined };
  };
  return {
    closed,
    resolve,
    key(destination) {
      const found = resolve(destination);
      return found.server ?? (found.name === undefined ? '' : `name:${found.name}`);
    },
    has({ server, name }) {
      if (server) return nameOf.has(trimServer(server));
      return name ? names.has(name) : false;
    },
  };
}

/** The cluster that an Argo CD cluster Secret declares, if the object is one. */
export function clusterOfSecret(object: KubeObject): KnownCluster | undefined {
  if (object.kind !== 'Secret' || object.group !== '') return undefined;
  if (stringAt(object.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type') !== 'cluster') return undefined;
  return { name: secretField(object, 'name'), server: secretField(object, 'server') };
}

/** A field of a Secret in its readable form. Encoded `data` is decoded. */
export function secretField(object: KubeObject, field: string): string | undefined {
  const plain = stringAt(object.value, 'stringData', field);
  if (plain !== undefined) return plain;
  const encoded = stringAt(object.value, 'data', field);
  return encoded === undefined ? undefined : decodeBase64(encoded);
}

function decodeBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  const decoded = bytes.toString('utf8');
  return decoded.includes('\ufffd') ? undefined : decoded;
}
