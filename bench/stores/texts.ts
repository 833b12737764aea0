/** Korean and English as people write them in a chat, from few words: what is common is common, and some words are rare. */
const words = (
  '회의 내일 오늘 자료 확인 부탁드려요 점심 커피 감사합니다 네 아니요 일정 배포 오류 수정 완료 리뷰 코드 서버 화면 버튼 디자인 검색 알림 사용자 로그인 비밀번호 고객 문의 계약 미팅 ' +
  '출근 퇴근 휴가 주말 날씨 버스 지하철 공유 링크 파일 사진 영상 노트 정리 보고서 예산 결재 승인 대기 진행 시작 마감 연기 취소 변경 추가 삭제 ' +
  'the a to is it on we you for and that build deploy error fix review server client test branch merge release please thanks ok later today tomorrow meeting notes link file ' +
  'design page button search index latency memory socket message room cursor'
).split(' ');
const particles = ['', '', '', '는', '가', '를', '에서', '도', '은'];
const hangul = /^[가-힣]+$/;

/** A sequence of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A word that one message in ten thousand has. */
export const rareWord = (number: number): string => `ticket${String(number % 10_000).padStart(4, '0')}`;

/** Three to fourteen words, common ones more often; and one that is rare. */
export function text(number: number, next: () => number): string {
  const some: string[] = [];
  for (let left = 3 + Math.floor(next() * 12); left > 0; left--) {
    const word = words[Math.floor(next() ** 2 * words.length)] ?? '';
    some.push(hangul.test(word) ? word + (particles[Math.floor(next() * particles.length)] ?? '') : word);
  }
  some.push(rareWord(number));
  return some.join(' ');
}
