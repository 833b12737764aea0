import { Attachment } from './entities.ts';
import type { ErrorCode } from './errors.ts';
import { limits } from './limits.ts';
import { paths } from './routes.ts';
import { jsonSchema } from './wire.ts';

type Json = Record<string, unknown>;

/** What an upload may be refused with, beside what its bytes are to blame for. */
export const uploadErrors = [
  'invalid',
  'unauthenticated',
  'origin_refused',
  'payload_too_large',
  'unsupported_type',
  'too_many_files',
  'rate_limited',
  'not_allowed',
  'internal',
  'unavailable',
  'storage_full',
] as const satisfies readonly ErrorCode[];

const bytes = { '*/*': { schema: { type: 'string', format: 'binary' } } };
const fileParameters = [
  { name: 'file', in: 'path', required: true, schema: { type: 'string' } },
  {
    name: 'size',
    in: 'query',
    required: false,
    description: 'Of a picture: a smaller still one (`thumb`), or the first frame of an animated one (`poster`), as WebP.',
    schema: { type: 'string', enum: ['thumb', 'poster'] },
  },
  {
    name: 'download',
    in: 'query',
    required: false,
    description: '1: a picture too is to be saved.',
    schema: { type: 'string', enum: ['1'] },
  },
  { name: 'Range', in: 'header', required: false, description: 'One range of bytes (RFC 9110 §14).', schema: { type: 'string' } },
];

/** The routes of files and of pictures to choose from, for the OpenAPI document: bytes in, bytes out. */
export function filePaths(refusals: (codes: readonly ErrorCode[]) => Json): Record<string, Json> {
  return {
    [paths.files]: {
      post: {
        operationId: 'file.upload',
        summary: 'Upload a file, to be attached to a message within a day. The body is its bytes; what it is, they say.',
        tags: ['file'],
        parameters: [
          {
            name: 'name',
            in: 'query',
            required: false,
            description: 'What it is called.',
            schema: { type: 'string', maxLength: limits.fileNameLength },
          },
        ],
        requestBody: { required: true, description: `At most ${limits.fileBytes} bytes.`, content: bytes },
        responses: {
          200: {
            description: 'Kept, and on disk (P1): `id` goes into `attachments` of `message.send`.',
            content: { 'application/json': { schema: jsonSchema(Attachment, 'output') } },
          },
          ...refusals(uploadErrors),
        },
      },
    },
    [`${paths.found}/{id}`]: {
      get: {
        operationId: 'gif.preview',
        summary: 'A picture of a GIF that `gif.find` found, by way of this server.',
        tags: ['gif'],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'still', in: 'query', required: false, description: '1: its first frame.', schema: { type: 'string', enum: ['1'] } },
        ],
        responses: {
          200: { description: 'Its bytes.', content: bytes },
          ...refusals(['invalid', 'unauthenticated', 'no_such_file', 'rate_limited', 'internal', 'unavailable']),
        },
      },
    },
    [`${paths.files}/{file}`]: {
      get: {
        operationId: 'file.get',
        summary: 'A file, for whoever may read a message that carries it, and for who uploaded it.',
        tags: ['file'],
        parameters: fileParameters,
        responses: {
          200: { description: 'Its bytes.', content: bytes },
          206: { description: 'The range that was asked for.', content: bytes },
          304: { description: 'You have it: `If-None-Match` named its `ETag`.' },
          416: { description: 'There is no such range in it.' },
          ...refusals(['invalid', 'unauthenticated', 'no_such_file', 'rate_limited', 'internal', 'unavailable']),
        },
      },
    },
  };
}
