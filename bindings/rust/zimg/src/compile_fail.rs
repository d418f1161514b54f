//! What the compiler refuses, each beside what it takes: without that, a typing error would pass for a refusal.

/// The picture's octets are gone with the picture.
///
/// ```compile_fail
/// fn octets(generator: &zimg::Generator, request: &zimg::Request) -> usize {
///     let octets = generator.generate(request).unwrap().bytes();
///     octets.len()
/// }
/// ```
/// ```
/// fn octets(generator: &zimg::Generator, request: &zimg::Request) -> usize {
///     let picture = generator.generate(request).unwrap();
///     let octets = picture.bytes();
///     octets.len()
/// }
/// ```
pub struct OctetsOfWhatIsGone;

/// So is its report.
///
/// ```compile_fail
/// fn report(picture: zimg::Delivered) -> u32 {
///     let report = picture.report();
///     drop(picture);
///     report.seed()
/// }
/// ```
/// ```
/// fn report(picture: zimg::Delivered) -> u32 {
///     let report = picture.report();
///     let seed = report.seed();
///     drop(picture);
///     seed
/// }
/// ```
pub struct ReportOfWhatIsGone;

/// A request is not written while another thread reads it.
///
/// ```compile_fail
/// fn both(generator: &zimg::Generator, request: &mut zimg::Request) {
///     std::thread::scope(|scope| {
///         let reader = &*request;
///         scope.spawn(move || generator.generate(reader).map(drop));
///         request.set_seed(1).map(drop)
///     });
/// }
/// ```
/// ```
/// fn both(generator: &zimg::Generator, request: &mut zimg::Request) {
///     std::thread::scope(|scope| {
///         let reader = &*request;
///         scope.spawn(move || generator.generate(reader).map(drop));
///     });
///     request.set_seed(1).unwrap();
/// }
/// ```
pub struct WriterAndReader;

/// A callback comes from any thread, so it holds nothing that is bound to one.
///
/// ```compile_fail
/// fn counted(request: &mut zimg::Request) {
///     let steps = std::rc::Rc::new(std::cell::Cell::new(0));
///     request.set_progress(move |progress| steps.set(progress.step())).unwrap();
/// }
/// ```
/// ```
/// fn counted(request: &mut zimg::Request) {
///     let steps = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
///     request
///         .set_progress(move |progress| steps.store(progress.step(), std::sync::atomic::Ordering::SeqCst))
///         .unwrap();
/// }
/// ```
pub struct CallbackOfOneThread;

/// A callback that is kept borrows nothing.
///
/// ```compile_fail
/// fn counted(request: &mut zimg::Request) {
///     let steps = std::sync::atomic::AtomicU32::new(0);
///     request.set_progress(|progress| steps.store(progress.step(), std::sync::atomic::Ordering::SeqCst)).unwrap();
/// }
/// ```
/// ```
/// fn counted(cache: &zimg::CacheHandle) -> usize {
///     let mut entries = 0;
///     cache.list(|_, _, _| { entries += 1; true }).unwrap(); // this one is not kept
///     entries
/// }
/// ```
pub struct CallbackThatBorrows;

/// A pipeline is used by several threads.
///
/// ```compile_fail
/// struct Counting(std::cell::Cell<u32>);
/// impl zimg::Pipeline for Counting {
///     fn draw(&self, _: &zimg::Drawing, _: &mut zimg::PictureView) -> zimg::Result<()> {
///         Ok(self.0.set(1))
///     }
/// }
/// ```
/// ```
/// struct Counting(std::sync::Mutex<u32>);
/// impl zimg::Pipeline for Counting {
///     fn draw(&self, _: &zimg::Drawing, _: &mut zimg::PictureView) -> zimg::Result<()> {
///         Ok(*self.0.lock().unwrap() = 1)
///     }
/// }
/// ```
pub struct PipelineOfOneThread;

/// What a pipeline is shown is not kept.
///
/// ```compile_fail
/// struct Keeping(std::sync::Mutex<Option<&'static zimg::Drawing>>);
/// impl zimg::Pipeline for Keeping {
///     fn draw(&self, drawing: &zimg::Drawing, _: &mut zimg::PictureView) -> zimg::Result<()> {
///         *self.0.lock().unwrap() = Some(drawing);
///         Ok(())
///     }
/// }
/// ```
/// ```
/// struct Keeping(std::sync::Mutex<Option<String>>);
/// impl zimg::Pipeline for Keeping {
///     fn draw(&self, drawing: &zimg::Drawing, _: &mut zimg::PictureView) -> zimg::Result<()> {
///         *self.0.lock().unwrap() = Some(drawing.prompt().to_string());
///         Ok(())
///     }
/// }
/// ```
pub struct DrawingThatIsKept;

/// The picture that a pipeline fills is zimg's: it is written and not replaced.
///
/// ```compile_fail
/// struct Replacing;
/// impl zimg::Pipeline for Replacing {
///     fn draw(&self, _: &zimg::Drawing, picture: &mut zimg::PictureView) -> zimg::Result<()> {
///         *picture = zimg::Picture::new()?;
///         Ok(())
///     }
/// }
/// ```
/// ```compile_fail
/// struct Taking(std::sync::Mutex<Vec<zimg::PictureView>>);
/// impl zimg::Pipeline for Taking {
///     fn draw(&self, _: &zimg::Drawing, picture: &mut zimg::PictureView) -> zimg::Result<()> {
///         self.0.lock().unwrap().push(std::mem::take(picture));
///         Ok(())
///     }
/// }
/// ```
/// ```
/// struct Writing;
/// impl zimg::Pipeline for Writing {
///     fn draw(&self, _: &zimg::Drawing, picture: &mut zimg::PictureView) -> zimg::Result<()> {
///         let own = zimg::Picture::new()?;
///         picture.set_rgb(own.width(), own.height(), own.rgb())
///     }
/// }
/// ```
pub struct PictureThatIsReplaced;
