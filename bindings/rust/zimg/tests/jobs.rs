//! Jobs, futures, and cancelling.

mod common;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use common::*;
use zimg::*;

#[test]
fn a_job_is_started_waited_for_and_answers_as_often_as_one_likes() {
    let (canvas, generator) = generator_with(None);
    canvas.is_shut.store(true, SeqCst);
    let job = generator.job(&request("a")).unwrap();
    assert_eq!(job.state(), JobState::Created);
    refused(Status::InvalidArgument, job.wait());
    refused(Status::InvalidArgument, job.result());
    job.start().unwrap();
    refused(Status::InvalidArgument, job.start());
    assert!(!job.wait_for(Duration::from_millis(5)).unwrap());
    assert_eq!(job.state(), JobState::Running);
    refused(Status::InvalidArgument, job.result());
    canvas.is_shut.store(false, SeqCst);
    job.wait().unwrap();
    assert!(job.wait_for(Duration::ZERO).unwrap());
    assert_eq!(job.state(), JobState::Done);
    assert_eq!(job.result().unwrap().bytes(), job.result().unwrap().bytes());
}

#[test]
fn progress_and_preview_of_a_job_are_there() {
    let (canvas, generator) = generator_with(None);
    canvas.steps.store(4, SeqCst);
    let mut asked = request("a");
    asked.set_preview(true).unwrap();
    let job = generator.job(&asked).unwrap();
    assert_eq!(job.progress(), (0, 0));
    assert!(job.preview().unwrap().is_none());
    job.start().unwrap();
    job.wait().unwrap();
    assert_eq!(job.progress(), (4, 4));
    let preview = job.preview().unwrap().unwrap();
    assert_eq!((preview.width(), preview.height(), preview.rgb().len()), (8, 4, 96));
}

#[test]
fn a_job_is_cancelled_before_its_start_twice_and_after_its_end() {
    let (_, generator) = generator_with(None);
    let early = generator.job(&request("a")).unwrap();
    early.cancel();
    early.cancel();
    early.start().unwrap();
    early.wait().unwrap();
    refused(Status::Cancelled, early.result());
    let late = generator.job(&request("a")).unwrap();
    late.start().unwrap();
    late.wait().unwrap();
    late.cancel();
    late.cancel();
    assert!(late.result().is_ok());
}

#[test]
fn a_job_that_draws_is_cancelled_from_another_thread() {
    let (canvas, generator) = generator_with(None);
    canvas.is_shut.store(true, SeqCst);
    let job = generator.job(&request("a")).unwrap();
    job.start().unwrap();
    until("it draws", || canvas.waiting.load(SeqCst) == 1);
    thread::scope(|scope| {
        scope.spawn(|| job.cancel());
    });
    job.wait().unwrap();
    refused(Status::Cancelled, job.result());
}

#[test]
fn a_token_stops_every_request_that_carries_it() {
    let (canvas, generator) = generator_with(None);
    canvas.is_shut.store(true, SeqCst);
    let token = CancelToken::new().unwrap();
    let mut asked = request("a");
    asked.set_cancel_token(&token).unwrap();
    thread::scope(|scope| {
        let answer = scope.spawn(|| generator.generate(&asked));
        until("it draws", || canvas.waiting.load(SeqCst) == 1);
        assert!(!token.is_cancelled());
        let clone = token.clone();
        clone.cancel();
        clone.cancel();
        refused(Status::Cancelled, answer.join().unwrap());
    });
    assert!(token.is_cancelled());
    refused(Status::Cancelled, generator.generate(&asked)); // it stays cancelled
    canvas.is_shut.store(false, SeqCst);
    assert!(generator.generate(&request("a")).is_ok());
}

#[test]
fn dropping_a_job_cancels_it_and_waits() {
    let (canvas, generator) = generator_with(None);
    canvas.is_shut.store(true, SeqCst);
    let job = generator.job(&request("a")).unwrap();
    job.start().unwrap();
    until("it draws", || canvas.waiting.load(SeqCst) == 1);
    drop(job);
    until("the drawing has stopped", || canvas.waiting.load(SeqCst) == 0);
    drop(generator.job(&request("b")).unwrap()); // never started
}

#[test]
fn a_job_outlives_its_generator() {
    let (canvas, generator) = generator_with(Some(&memory()));
    canvas.is_shut.store(true, SeqCst);
    let job = generator.job(&request("a")).unwrap();
    job.start().unwrap();
    until("it draws", || canvas.waiting.load(SeqCst) == 1);
    drop(generator);
    canvas.is_shut.store(false, SeqCst);
    job.wait().unwrap();
    assert_eq!(job.result().unwrap().width(), 64);
    drop(job);
    until("the pipeline is dropped", || canvas.drops.load(SeqCst) == 1);
}

#[test]
fn what_is_called_at_the_end_may_drop_the_job() {
    let (_, generator) = generator_with(None);
    let holder: Arc<Mutex<Option<Job>>> = Arc::default();
    let (sender, receiver) = channel();
    let job = generator.job(&request("a")).unwrap();
    let held = holder.clone();
    job.set_done(move || {
        drop(held.lock().unwrap().take());
        sender.send(()).unwrap();
    })
    .unwrap();
    let mut place = holder.lock().unwrap();
    job.start().unwrap();
    refused(Status::InvalidArgument, job.set_done(|| ()));
    *place = Some(job);
    drop(place);
    receiver.recv_timeout(Duration::from_secs(30)).unwrap();
    until("nobody holds it any more", || Arc::strong_count(&holder) == 1);
}

/// The smallest executor: the thread sleeps until it is woken.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<F: Future + Unpin>(mut future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match Pin::new(&mut future).poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn a_future_gives_the_picture_and_dropping_it_cancels() {
    let (canvas, generator) = generator_with(None);
    assert_eq!(block_on(generator.generate_async(&request("a")).unwrap()).unwrap().width(), 64);
    canvas.is_shut.store(true, SeqCst);
    let future = generator.generate_async(&request("b")).unwrap();
    until("it draws", || canvas.waiting.load(SeqCst) == 1);
    future.job().cancel();
    refused(Status::Cancelled, block_on(future));
    let future = generator.generate_async(&request("c")).unwrap();
    until("it draws", || canvas.waiting.load(SeqCst) == 1);
    drop(future);
    until("the drawing has stopped", || canvas.waiting.load(SeqCst) == 0);
}

#[test]
fn a_generator_is_dropped_while_others_draw_and_wait() {
    let (canvas, generator) = generator_with(Some(&memory()));
    canvas.is_shut.store(true, SeqCst);
    let generator = Arc::new(generator);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let generator = generator.clone();
            thread::spawn(move || generator.generate(&request("the same")).map(|result| result.bytes().to_vec()))
        })
        .collect();
    until("one draws", || canvas.waiting.load(SeqCst) == 1);
    drop(generator);
    canvas.is_shut.store(false, SeqCst);
    let pictures: Vec<_> = threads.into_iter().map(|each| each.join().unwrap().unwrap()).collect();
    assert!(pictures.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(canvas.drawings.load(SeqCst), 1);
    until("the pipeline is dropped", || canvas.drops.load(SeqCst) == 1);
}
