app-name = Librarian on Demand
title-off = Off duty
title-on = On duty
title-visit = In conversation

## Signing in
signin-title = Good to see you
signin-lead = Sign in to answer visitors at the branches.
signin-login = User name
signin-password = Password
signin-do = Sign in
signin-busy = Signing in…
starting = One moment…
unreachable-title = The server does not answer
unreachable-lead = This page tries again by itself. Nothing is lost.
unreachable-do = Try now
insecure-title = This page needs an address with https
insecure-lead = Without it browsers give no camera and no microphone. Tell whoever runs the server.
password-title = Choose a password of your own
password-lead = The one you were given was for this first time only.
password-current = The password you were given
password-new = New password
password-hint = At least 12 characters. A few words in a row are easy to remember and hard to guess.
password-do = Save and go on
password-busy = Saving…
sign-out = Sign out

## Top of the page
settings = Settings
language = Language
theme = Colours
theme-system = Like the computer
theme-light = Light
theme-dark = Dark
shortcuts-on = Answer and steer with single keys
shortcuts-lead = Each key stands on its button. Keys rest while you type.
close = Close
link-connecting = Connecting…
link-away = The connection is lost. Trying again…
link-away-call = The connection to the server is lost. Trying again; the conversation goes on.
link-forbidden = Your account has no desk here. Ask your service owner for the role of librarian.
link-origin = The server does not know this page's address. Tell whoever runs it.
outdated = There is a newer version of this page.
outdated-do = Load it

## Duty
duty-off = You are off duty
duty-off-lead = Visitors cannot call you. One click puts you on duty, and plays the ring once so that you know its sound.
duty-green = You are on duty: visitors see green
duty-green-lead = When somebody taps, it rings here. You can use other pages meanwhile; leave this one open.
duty-pending = You are on duty
duty-pending-lead = In a moment visitors see green.
duty-broken = You are on duty, but visitors cannot reach you
duty-unknown = You are on duty, and we are looking for the server
duty-unknown-lead = Until it is found, visitors may see that nobody answers.
duty-on-do = Go on duty
duty-off-do = Go off duty
duty-named = Show my first name on the screens at the branches
mend-sound = The browser holds the sound back: you would not hear the ring.
mend-sound-do = Turn the sound on
mend-microphone = No sound comes from your microphone. Is it plugged in and switched on?
mend-microphone-do = Try the microphone again
mend-camera = No picture comes from your camera. Is it plugged in, and not in use elsewhere?
mend-camera-do = Try the camera again

## Devices
devices-title = Picture and sound
devices-check = Check picture and sound
devices-lead = Your browser asks for camera and microphone. Nothing is ever recorded.
devices-own = This is how visitors see you.
devices-none = No picture
devices-level = Your microphone
devices-level-hint = Say something: the bar should move.
devices-test = Play the ring
devices-testing = Ringing…
device-microphone = Microphone
device-camera = Camera
device-loudspeaker = Loudspeaker
device-default = The computer's choice
condition-ok = Works
condition-missing = Not found
condition-failed = Gives nothing
condition-closed = Not opened yet
condition-blocked = Not allowed
condition-silent = Silent
blocked-hint = Click the sign left of the address at the top of the browser, allow it, and try again.

## The line
line-title = The line
line-empty = Nobody is waiting.
line-ringing = Ringing
line-returned = Was cut off, and comes first
line-answered = In conversation
line-held = on hold
patience-fresh = just now
patience-long = a long wait
patience-very_long = much too long
colleagues-title = Colleagues on duty
colleagues-none = Nobody else is on duty.
colleague-free = free
colleague-busy = in conversation
colleague-unreachable = cannot be reached

## The ring
ring-title = A visitor at { $branch }
ring-notice = { $kiosk } is ringing. Click to answer.
ring-lead = A visitor is calling
ring-service = Service
ring-language = Language
ring-waited = Has waited
ring-returned = The conversation was cut off, so this visitor comes first.
ring-accept = Answer
ring-decline = Not now
ring-left = Rings for another { $seconds } s
ring-answering = Answering…

## The call
call-building = Getting in touch
call-summoned = { $kiosk } is starting picture and sound…
call-verifying = Making sure that it really is our kiosk…
call-connecting = Picture and sound are on their way…
call-shaky = The line is weak. It may come back by itself…
call-renewing = The line broke. A new one is being built; please stay.
call-unverified = This is not our kiosk
call-unverified-lead = What answered does not hold the key of { $kiosk }. No picture and no sound of yours has been sent. Step out, and tell whoever looks after the kiosks.
call-unsupported = This browser cannot check that it is our kiosk
call-unsupported-lead = No picture and no sound of yours has been sent. Step out, update the browser, and try again.
call-verified = Verified kiosk
call-connected = In conversation
call-held = On hold
call-held-lead = The visitor sees and hears nothing of you now, and you nothing of the visitor.
call-hidden = The visitor's camera is off
call-hidden-lead = Visitors choose for themselves whether to be seen.
call-sent-both = The visitor sees and hears you
call-sent-sound = The visitor hears you; your camera is off
call-sent-picture = The visitor sees you; your microphone is off
call-sent-none = The visitor neither sees nor hears you
call-sent-soon = The visitor does not see or hear you yet
call-kiosk-no-camera = The kiosk's camera does not work.
call-kiosk-no-microphone = The kiosk's microphone does not work: ask the visitor to type.
call-kiosk-no-loudspeaker = The kiosk's loudspeaker does not work: type instead.
call-kiosk-muted = The visitor has turned the microphone off.
call-kiosk-away = The kiosk has lost its connection. It usually comes back by itself.
call-own-no-camera = Your camera gives no picture. The conversation goes on.
call-own-no-microphone = Your microphone gives no sound: type instead.
call-playback = The browser holds the visitor's sound back.
call-playback-do = Turn the sound on
call-try-again = Try again
visitor-picture = The visitor
own-picture = You
own-picture-off = Not sent
mute = Mute
hide = Camera off
hold = Hold
resume = Back to the visitor
devices-choose = Devices
finish = Finish
leave = Step out…
leave-title = Step out of this conversation?
leave-lead = The visitor stays, moves to the front of the line, and a colleague is asked to take over.
leave-do = Step out
leave-not = Stay

## Typed text
text-title = Typed text
text-empty = What you or the visitor type shows here, letter by letter.
text-placeholder = Type here…
text-label = Type to the visitor. It shows there while you type.
text-send = New line
text-you = You
text-visitor = The visitor
text-visitor-typing = The visitor is typing

## Beside the call
beside = What helps
help-title = The branch
help-kiosk = Kiosk
help-phone = Phone
help-notes = Good to know
help-service = Service
help-language = Language
help-duration = Talking for

## Round off
closeout-title = How did it go at { $branch }?
closeout-topic = What was it about?
closeout-outcome = Was it solved?
closeout-skip = Skip
closeout-back = Back
closeout-wrap = It rings here again in { $seconds } s, or as soon as you have answered.
topic-find_material = Finding something
topic-loan_or_card = A loan or a card
topic-digital_help = Digital help
topic-room_or_machine = The room or a machine
topic-other = Something else
outcome-solved = Solved
outcome-referred = Referred to somebody else
outcome-not_solved = Not solved

## When something was refused
fault-close = All right
fault-not_authenticated = User name and password do not belong together.
fault-too_fast = Too many tries. Wait { $retry_after_s } s and try again.
fault-too_fast-soon = Too much at once. Wait a moment and try again.
fault-weak_password = Choose another one: at least { $min_chars } characters, and not the one you were given.
fault-wrong_password = The password you were given is another one.
fault-taken = { $winner } was faster and has the visit.
fault-taken-somebody = Somebody else was faster and has the visit.
fault-wrong_state = That was over already.
fault-not_found = That visit is over.
fault-no_answer = The server did not answer. Try again.
fault-forbidden = Your account may not do that.
fault-unavailable = That does not work right now. Try again in a moment.
fault-other = That did not work ({ $code }). Try again.

language-sv = Svenska
language-nb = Norsk bokmål
language-en = English
