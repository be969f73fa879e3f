// A person at the SDK that Element is made of: one JSON request a line in, one answer a line out.

import { createInterface } from "node:readline";
import { createClient } from "matrix-js-sdk";
import {
  AllDevicesIsolationMode,
  EventShieldColour,
  EventShieldReason,
  OnlySignedDevicesIsolationMode,
} from "matrix-js-sdk/lib/crypto-api/index.js";
import { logger } from "matrix-js-sdk/lib/logger.js";

// standard output is for answers alone
logger.setLevel?.("error");
for (const name of ["log", "info", "debug", "trace", "warn"]) {
  console[name] = (...words) => process.stderr.write(`${words.join(" ")}\n`);
}

// the SDK asks for Node 22, and this is all that Node 20 lacks
Promise.withResolvers ??= () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

const ENCRYPTION = {
  type: "m.room.encryption",
  state_key: "",
  content: { algorithm: "m.megolm.v1.aes-sha2" },
};

let client;

const actions = {
  async login({ url, user, password, strict }) {
    const identifier = { type: "m.id.user", user };
    const stage = { type: "m.login.password", identifier, password };
    const found = await createClient({ baseUrl: url }).loginRequest(stage);
    client = createClient({
      baseUrl: url,
      userId: found.user_id,
      deviceId: found.device_id,
      accessToken: found.access_token,
    });
    await client.initRustCrypto({ useIndexedDB: false });
    const crypto = client.getCrypto();
    crypto.setDeviceIsolationMode(
      strict ? new OnlySignedDevicesIsolationMode() : new AllDevicesIsolationMode(false),
    );
    const synced = new Promise((done) =>
      client.on("sync", (state) => state === "SYNCING" && done()),
    );
    await client.startClient({ initialSyncLimit: 100 });
    await synced;
    await crypto.bootstrapCrossSigning({
      authUploadDeviceSigningKeys: (upload) => upload(stage),
    });
    return { user_id: found.user_id, device_id: found.device_id };
  },

  async create_room({ encrypted, invite, direct, name }) {
    const found = await client.createRoom({
      preset: direct ? "trusted_private_chat" : "private_chat",
      is_direct: direct,
      invite,
      ...(name ? { name } : {}),
      initial_state: encrypted ? [ENCRYPTION] : [],
    });
    return found.room_id;
  },

  async join({ room }) {
    return (await client.joinRoom(room)).roomId;
  },

  async invitations() {
    return client
      .getRooms()
      .filter((room) => room.getMyMembership() === "invite")
      .map((room) => room.roomId);
  },

  async members({ room }) {
    const known = client.getRoom(room)?.getMembers() ?? [];
    return Object.fromEntries(known.map((one) => [one.userId, one.membership]));
  },

  async send({ room, content }) {
    return (await client.sendEvent(room, "m.room.message", content)).event_id;
  },

  async messages({ room }) {
    const events = client.getRoom(room)?.getLiveTimeline().getEvents() ?? [];
    const kinds = ["m.room.message", "m.room.encrypted"];
    return Promise.all(
      events
        .filter((one) => kinds.includes(one.getType()) && !one.isRelation("m.replace"))
        .map(seen),
    );
  },

  async knows({ user, device }) {
    const status = await client.getCrypto().getDeviceVerificationStatus(user, device);
    return status?.signedByOwner ?? false;
  },

  async doubts({ user }) {
    return (await client.getCrypto().getUserVerificationStatus(user)).needsUserApproval;
  },
};

async function seen(event) {
  const failed = event.isDecryptionFailure();
  const info = event.isEncrypted()
    ? await client.getCrypto().getEncryptionInfoForEvent(event)
    : null;
  const content = failed ? {} : event.getContent();
  const tie = event.getWireContent()["m.relates_to"];
  return {
    event_id: event.getId(),
    sender: event.getSender(),
    body: content.body ?? "",
    html: content.formatted_body ?? null,
    msgtype: content.msgtype ?? "",
    thread: tie?.rel_type === "m.thread" ? tie.event_id : null,
    edited: event.replacingEvent() !== null,
    redacted: event.isRedacted(),
    encrypted: event.isEncrypted(),
    decrypted: event.isEncrypted() && !failed && event.getType() !== "m.room.encrypted",
    failure: event.decryptionFailureReason ?? null,
    shield: info === null ? null : EventShieldColour[info.shieldColour].toLowerCase(),
    reason: info?.shieldReason == null ? null : EventShieldReason[info.shieldReason],
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, action, ...given } = JSON.parse(line);
  Promise.resolve()
    .then(() => actions[action](given))
    .then((answer) => ({ id, answer: answer ?? null }))
    .catch((error) => ({ id, error: `${error.message ?? error}\n${error.stack ?? ""}` }))
    .then((reply) => process.stdout.write(`${JSON.stringify(reply)}\n`));
}
client?.stopClient();
process.exit(0);
