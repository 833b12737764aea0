/**
 * Every limit of the wire in one place. Lengths are Unicode code points, sizes are bytes, times are milliseconds.
 * The server tells them to its clients in `hello`, so that a page can say them before they are hit.
 */
export const limits = {
  /** A user's name. */
  nameLength: 40,
  /** A room's title. */
  roomNameLength: 80,
  roomPasswordLength: 128,
  /** What the people here call this place. */
  placeNameLength: 40,
  /** Invitations of one room that hold at the same time. */
  invitationsPerRoom: 50,
  /** How many people one invitation may let in. */
  invitationUses: 10_000,
  /** How long an invitation may hold, in seconds, unless it holds for good. */
  invitationSeconds: 31_536_000,
  /** Members of one room; `capacity` may only lower it. */
  roomMembers: 10_000,
  /** Rooms that one user may be a member of. */
  roomsPerUser: 500,
  /** The text of one message. */
  textLength: 4_000,
  clientIdLength: 64,
  /** Files of one message. */
  attachmentsPerMessage: 10,
  /** People whom one message mentions. */
  mentionsPerMessage: 50,
  /** How many unread mentions a room in one's list names. */
  unreadMentions: 100,
  /** One uploaded file, in bytes; 0 where a server takes none. */
  fileBytes: 20 * 1024 * 1024,
  fileNameLength: 120,
  /** All files of one person that are kept, in bytes. */
  filesPerUserBytes: 500_000_000,
  /** Pixels of a picture, of each of its frames. */
  picturePixels: 50_000_000,
  /** Frames of an animated picture. */
  pictureFrames: 1_000,
  /** What a GIF of the library is found by. */
  gifWordsLength: 100,
  /** GIFs in one page of the library. */
  gifPage: 50,
  /** A token: ours are short, those of an identity provider carry claims and a signature. */
  tokenLength: 8_192,
  /** Different emoji on one message. */
  reactionsPerMessage: 20,
  /** People on one emoji of one message. */
  usersPerReaction: 200,
  emojiLength: 32,
  /** Messages in one page of history, and in the latest page of a reset. */
  pageSize: 100,
  defaultPageSize: 50,
  /** Changes that one resume answers with; a client further behind gets a reset. */
  resumeChanges: 2_000,
  searchLength: 100,
  searchResults: 50,
  /** Rooms that one event stream or poll may name. */
  roomsPerStream: 50,
  /** Longest wait of a long poll, in seconds. */
  pollWaitSeconds: 55,
  /** One inbound frame or request body. */
  payloadBytes: 64 * 1024,
  /** A typing mark lasts this long unless renewed. */
  typingMs: 6_000,
  /** Rooms of more members than this carry no `read` and no per-person `presence` events. */
  smallRoomMembers: 100,
} as const;

export type Limits = { readonly [K in keyof typeof limits]: number };
