import { createTranslator, type Texts } from '../../language.ts';

/** Texts of draws and lines; loaded with the first card that shows one. */
export const drawTexts = {
  badgeBefore: { en: 'Draw: entries open soon', 'zh-CN': '抽签：即将开始报名' },
  badgeTaking: { en: 'Draw: entries open', 'zh-CN': '抽签：报名中' },
  badgeDrawing: { en: 'Draw: entries closed', 'zh-CN': '抽签：报名已截止' },
  badgeDrawn: { en: 'Drawn', 'zh-CN': '已抽签' },
  badgeLine: { en: 'Line', 'zh-CN': '排队' },
  badgeSoldOut: { en: 'Sold out – line open', 'zh-CN': '已抢完，可排队' },
  badgeOver: { en: 'Ended', 'zh-CN': '已结束' },
  units: { en: '{count} units', 'zh-CN': '共 {count} 件' },
  entriesOpen: { en: 'Entries open {time}', 'zh-CN': '{time} 开始报名' },
  entriesClose: { en: 'Entries close {time}', 'zh-CN': '{time} 截止报名' },
  saleOpens: { en: 'Sale opens {time}', 'zh-CN': '{time} 开售' },
  saleEnds: { en: 'Sale ends {time}', 'zh-CN': '{time} 结束' },

  opensIn: { en: 'Entries open in {left}', 'zh-CN': '{left} 后开始报名' },
  enterDraw: { en: 'Enter the draw', 'zh-CN': '参加抽签' },
  joinLine: { en: 'Join the line', 'zh-CN': '加入排队' },
  entering: { en: 'Entering…', 'zh-CN': '正在提交…' },
  againIn: { en: 'Retrying in {seconds} s', 'zh-CN': '{seconds} 秒后重试' },
  tryAgain: { en: 'Try again', 'zh-CN': '再试一次' },
  leaving: { en: 'Leaving…', 'zh-CN': '正在退出…' },
  youAreIn: { en: '✓ You are in', 'zh-CN': '✓ 已报名' },
  youAreInLine: { en: '✓ You are in line', 'zh-CN': '✓ 已在排队' },
  drawIn: { en: 'Draw in {left}', 'zh-CN': '{left} 后抽签' },
  drawNow: { en: 'Drawing…', 'zh-CN': '正在抽签…' },
  yourPlace: { en: 'Your place: {place}', 'zh-CN': '您的名次：{place}' },
  yourTurn: { en: 'It is your turn…', 'zh-CN': '轮到您了…' },
  turnOver: { en: 'Your turn is over', 'zh-CN': '您的机会已过' },
  youLeft: { en: 'You left', 'zh-CN': '您已退出' },
  entriesClosed: { en: 'Entries are closed', 'zh-CN': '报名已截止' },
  drawOver: { en: 'The draw is over', 'zh-CN': '抽签已结束' },
  lineOver: { en: 'The line is over', 'zh-CN': '排队已结束' },

  entryOf: { en: 'You are in: entry {id} of {n}', 'zh-CN': '您已报名：编号 {id}，共 {n} 人' },
  entryKept: { en: 'You are in: entry {id}', 'zh-CN': '您已报名：编号 {id}' },
  aheadMany: { en: 'About {n} before you', 'zh-CN': '前面约 {n} 人' },
  aheadNone: { en: 'Nobody before you: you are next', 'zh-CN': '前面没有人，下一个就是您' },

  noteBefore: {
    en: 'No need to be quick: everyone who enters in time has the same chance.',
    'zh-CN': '无需抢时间：按时报名的人机会均等。',
  },
  noteTaking: {
    en: 'Enter until {time}. When you enter does not matter: a draw that anyone can check gives each entry its place.',
    'zh-CN': '{time} 前均可报名，先后无关：名次由任何人都能验证的抽签决定。',
  },
  noteJoin: {
    en: 'The draw is over. Join now and you get the next place behind those who entered.',
    'zh-CN': '抽签已结束。现在加入，将排在已报名者之后。',
  },
  noteJoinRush: {
    en: 'Units that are not paid in time go to the line, and to no one else. Joining costs nothing.',
    'zh-CN': '超时未付款的商品只会给排队的人。加入排队不收费。',
  },
  noteJoinUntil: {
    en: 'Units that are not paid in time go to the line. Places of all who join until {time} are drawn, so no need to be quick.',
    'zh-CN': '超时未付款的商品只会给排队的人。{time} 前加入的人由抽签决定名次，无需抢时间。',
  },
  noteDrawingOut: { en: 'The draw is under way. You did not enter.', 'zh-CN': '正在抽签。您没有报名。' },
  noteLineSoon: { en: 'You can join the line as soon as the draw is over.', 'zh-CN': '抽签结束后即可加入排队。' },
  noteDrawnOut: {
    en: 'Units go to those who entered, by their places. You did not enter.',
    'zh-CN': '商品按名次分给已报名的人。您没有报名。',
  },
  noteOver: { en: 'Thanks for stopping by. Have a look at our other offers.', 'zh-CN': '感谢参与，看看其他商品吧。' },
  noteEntering: {
    en: 'One moment. However often you click, it’s one entry.',
    'zh-CN': '请稍候。无论点几次，都只算报名一次。',
  },
  noteBusy: {
    en: 'The shop is busy. We’ll resend your entry automatically; it’s still one entry.',
    'zh-CN': '当前人数较多，将自动重新提交，仍只算一次。',
  },
  noteNotOpen: { en: 'Entries are not open yet. Nothing was entered.', 'zh-CN': '尚未开始报名，未提交。' },
  noteTooLate: { en: 'Entries have closed. You are not in this draw.', 'zh-CN': '报名已截止，您未参加本次抽签。' },
  noteCooldown: {
    en: 'You did not pay for an earlier order, so others go first. You can enter again after {time}.',
    'zh-CN': '您此前有订单未付款，请在 {time} 之后再报名。',
  },
  noteNoDraw: { en: 'There is nothing to enter here any more.', 'zh-CN': '这里已不能报名。' },
  noteSignedOut: { en: 'You’ve been signed out. Sign in again to enter.', 'zh-CN': '登录已失效，请重新登录后再报名。' },
  noteForbidden: { en: 'This account can’t enter.', 'zh-CN': '此账号不能报名。' },
  noteGivenUp: {
    en: 'We got no answer and don’t know whether you are in. Try again: it’s still one entry.',
    'zh-CN': '未收到响应，无法确认是否已报名。请再试一次，仍只算一次。',
  },
  noteIn: {
    en: 'Nothing more to do. Entries close {time}; your place will appear here.',
    'zh-CN': '无需其他操作。{time} 截止报名，名次会显示在这里。',
  },
  noteCounting: {
    en: 'Entries are closed. Next, the shop publishes how many there are, before anyone can know the draw.',
    'zh-CN': '报名已截止。商城将在抽签结果产生前公布报名总数。',
  },
  noteStated: {
    en: 'The entries are fixed and published. No one can know the draw yet, and no one can change it.',
    'zh-CN': '报名名单已固定并公布。抽签结果现在无人知晓，也无人能改。',
  },
  notePlaceSoon: { en: 'The draw is done. Your place will appear in a moment.', 'zh-CN': '抽签完成，名次即将显示。' },
  noteBeforeSale: {
    en: 'Offers go out by place from {time} on. Yours will appear here, with its time to pay.',
    'zh-CN': '{time} 起按名次发放购买机会，届时会显示在这里，请在规定时间内付款。',
  },
  noteWaiting: {
    en: 'When your turn comes, a unit is yours for a time and the button lets you pay. Look in here now and then.',
    'zh-CN': '轮到您时，会为您保留一件，可在规定时间内付款。请不时回来看看。',
  },
  notePaused: { en: 'The sale is paused. You keep your place.', 'zh-CN': '销售已暂停，您的名次不变。' },
  noteYourTurn: { en: 'A unit is held for you. We’re reading the offer.', 'zh-CN': '已为您保留一件，正在读取。' },
  noteExpired: {
    en: 'You did not pay in time, so the unit went to the next place. Each entry has one turn.',
    'zh-CN': '超时未付款，商品已给下一位。每次报名只有一次机会。',
  },
  noteCancelled: {
    en: 'You cancelled, so the unit went to the next place. Each entry has one turn.',
    'zh-CN': '您已取消，商品已给下一位。每次报名只有一次机会。',
  },
  noteRefunded: { en: 'You’ve been refunded. Each entry has one turn.', 'zh-CN': '已退款。每次报名只有一次机会。' },
  noteRefundDue: {
    en: 'Your payment arrived after the offer had ended. You’ll get a full refund; track it in My orders.',
    'zh-CN': '付款到账时购买机会已结束，将全额退款，进度见“我的订单”。',
  },
  noteLeft: { en: 'You left. You can enter again until {time}.', 'zh-CN': '您已退出，{time} 前可再次报名。' },
  noteLeftFinal: { en: 'You left, so no offer comes to you.', 'zh-CN': '您已退出，不会收到购买机会。' },
  noteMissed: {
    en: 'All units found a buyer before your place. You did not get one this time, and nothing was charged.',
    'zh-CN': '商品在轮到您之前已全部售出，您这次未能买到，未产生费用。',
  },

  leave: { en: 'Leave', 'zh-CN': '退出' },
  leaveTitle: { en: 'Leave?', 'zh-CN': '确定退出？' },
  leaveBefore: {
    en: '{name}: your entry is taken out of the draw. You can enter again until entries close.',
    'zh-CN': '{name}：您的报名将从抽签中移除。截止前可再次报名。',
  },
  leaveAfter: {
    en: '{name}: you give up your place. You cannot get it back.',
    'zh-CN': '{name}：您将放弃名次，无法恢复。',
  },
  leaveYes: { en: 'Leave', 'zh-CN': '确定退出' },
  leaveNo: { en: 'Stay in', 'zh-CN': '继续参加' },
  leaveFailed: { en: 'We couldn’t take you out. Please try again.', 'zh-CN': '退出失败，请重试。' },

  proof: { en: 'Check the draw yourself', 'zh-CN': '自行验证抽签' },
  proofWhat: {
    en: 'The shop commits to the list of entries before the draw. Anyone can repeat the draw from the public file.',
    'zh-CN': '商城在抽签前承诺报名名单，任何人都能用公开文件重新计算结果。',
  },
  stated: { en: 'Entries published', 'zh-CN': '公布的报名数' },
  root: { en: 'Fingerprint of the list', 'zh-CN': '名单指纹' },
  statedAt: { en: 'Published', 'zh-CN': '公布时间' },
  drawAt: { en: 'Draw', 'zh-CN': '抽签时间' },
  drawnAt: { en: 'Drawn', 'zh-CN': '抽签完成' },
  seenFirst: { en: 'This browser saw it first', 'zh-CN': '本浏览器首次看到' },
  otherStatement: {
    en: 'The shop now shows another statement than the one this browser saw first ({time}, fingerprint {root}). Save the first one below: with it anyone can prove the change.',
    'zh-CN':
      '商城现在公布的内容与本浏览器首次看到的不同（{time}，指纹 {root}）。请在下方保存首次的内容，以此可证明改动。',
  },
  voidAttempts: {
    en: 'Attempts of this draw that did not count: {n}. All entries were kept.',
    'zh-CN': '本次抽签有 {n} 次作废，所有报名均保留。',
  },
  publicFile: { en: 'Public file', 'zh-CN': '公开文件' },
  verify: { en: 'Open the check', 'zh-CN': '打开验证页' },
  saveStatement: { en: 'Save what I saw first', 'zh-CN': '保存首次看到的内容' },
  saveTicket: { en: 'Save my ticket', 'zh-CN': '保存我的凭证' },
  ticketWhat: {
    en: 'The ticket proves that you entered, whatever happens to the shop’s data. It is also kept in this browser.',
    'zh-CN': '凭证可证明您已报名，即使商城数据丢失。本浏览器也保存了一份。',
  },

  saysIn: { en: '{name}: you are in.', 'zh-CN': '{name}：已报名。' },
  saysLeft: { en: '{name}: you left.', 'zh-CN': '{name}：您已退出。' },
  saysPlace: { en: '{name}: your place is {place}.', 'zh-CN': '{name}：您的名次是 {place}。' },
  saysMissed: { en: '{name}: it is over, and you did not get one.', 'zh-CN': '{name}：已结束，您未能买到。' },
  saysRefused: { en: '{name}: you are not in.', 'zh-CN': '{name}：报名未成功。' },
} satisfies Texts;

export type DrawTextName = keyof typeof drawTexts;

export const say = createTranslator(drawTexts);
