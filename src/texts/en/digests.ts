export const digests: Readonly<Record<string, string>> = {
  'digest.bad_weekday': 'Choose a weekday, such as Monday.',
  'digest.bad_time': 'Give the time as hours and minutes, such as 09:00.',
  'digest.unknown_time_zone': 'This time zone is not known. Give one such as Europe/Berlin.',
  'digest.channel_taken': 'This channel is not available for a digest.',
  'digest.no_channel': 'There is no such channel here, or I am not in it. Invite me to it, then try again.',
  'digest.not_a_member': 'I am not in {channel}. Invite me to it, then try again.',
  'digest.exists': 'This channel already has a digest at that time.',
  'digest.no_workspace': 'You are linked in no such workspace of {platform}.',
};
