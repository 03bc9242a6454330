// Original file: proto/flashsale/v1/actor.proto


export interface ActorInput {
  'subject'?: (string);
  'roles'?: (string)[];
  'requestId'?: (string);
}

export interface Actor {
  'subject': (string);
  'roles': (string)[];
  'requestId': (string);
}
